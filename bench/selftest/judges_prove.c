/* judges_prove.c: what of judges.c is tried in a selftest, in the worker: its findings come back
 * through memory that both processes see. */
#include <stdio.h>
#include "fail.h"
#include "selftest/known.h"
#include "selftest/proof.h"

enum { MOST = 32 };
static const double LIMIT_S = 60; /* for all of it: it is no impl that might hang */

struct findings {
    int quick, count;
    struct {
        char name[96];
        struct finding finding;
    } at[MOST];
};

static void add(struct findings *f, const char *name, struct finding finding)
{
    if (f->count == MOST) return;
    snprintf(f->at[f->count].name, sizeof f->at[f->count].name, "%s", name);
    f->at[f->count++].finding = finding;
}

/* A proof that gives NULL or why not. */
static void add_text(struct findings *f, const char *name, const char *why, const char *holds)
{
    struct finding finding = {.verdict = why ? VERDICT_FAILS : VERDICT_HOLDS};

    snprintf(finding.said, sizeof finding.said, "%s", why ? why : holds);
    add(f, name, finding);
}

/* Gaps, alpha, beta, all layouts and precisions, shapes that no tile divides. */
static const char *const direct[] = {"gemm f64 nn 33x17x65",
                                     "gemm f32 nt 31x65x129 beta=2 ldc=70",
                                     "gemm f16 tn 40x24x56 lda=61 alpha=0.5",
                                     "gemm bf16 tt 65x33x40",
                                     "gemm tf32 nn 1x7x1000",
                                     "conv2d f64 nchw 1x4x7x7 k6 3x3 stride2 pad1",
                                     "conv2d f32 nchw 2x6x9x7 k4 3x2 pad1 groups2",
                                     "conv2d bf16 nhwc 1x5x8x8 k7 3x3 dil2"};
static const char *const pools[] = {"pool2d f16 nhwc max 2x7x9x9 3x3 stride2 pad1",
                                    "pool2d f32 nchw avg_excl 2x3x9x8 3x3 pad1"};
enum { DIRECT = sizeof direct / sizeof direct[0], POOLS = sizeof pools / sizeof pools[0] };

int judges_problems(void) { return DIRECT + POOLS; }
const char *judges_problem(int i) { return i < DIRECT ? direct[i] : pools[i - DIRECT]; }

static const char *prove_host(void *shared, struct machine *m)
{
    struct findings *f = shared;
    const char *why = NULL;
    char text[64];

    (void)m;
    phase_enter(NULL, "the proofs of the judges", LIMIT_S);
    for (int i = 0; i < 2 * DIRECT && !why; i++)
        why = oracle_direct(proofs_problem(direct[i / 2]), i % 2 ? DATA_UNIFORM : DATA_EXACT);
    snprintf(text, sizeof text, "%d problems, exact and real data", DIRECT);
    add_text(f, "oracle, direct sums", why, text);
    for (int n = 6; n <= (f->quick ? 6 : 24); n += 6)
        add(f, "interval of the median", coverage_verdict(n, coverage_count(n, 10000), 10000));
    return NULL;
}

#ifdef HAVE_CUDART
static const char *prove_device(void *shared, struct machine *m)
{
    struct findings *f = shared;
    static const double waits_us[] = {5, 100, 1e4, 2, 10, 1e3, 1e5};
    const char *why = NULL;
    char text[96];

    phase_enter(NULL, "the proofs of the judges", LIMIT_S);
    for (int i = 0; i < 2 * judges_problems() && !why; i++)
        why = same_bits(&place_host, &place_device, proofs_problem(judges_problem(i / 2)),
                        i % 2 ? DATA_UNIFORM : DATA_EXACT);
    snprintf(text, sizeof text, "%d problems: inputs, hashes, y and S as on the host",
             judges_problems());
    add_text(f, "generator and oracle", why, text);
    if (timer_isolated.missing) {
        add_text(f, "floor batch", timer_isolated.missing, "");
        return NULL;
    }
    const struct floors floors = floors_measure(&m->device);
    const double tick_ns = known_tick_ns();
    add(f, "floor batch", floor_verdict(floors.launch_us[BATCH], 20));
    add(f, "floor isolated", floor_verdict(floors.launch_us[ISOLATED], 40));
    for (int i = 0; i < (f->quick ? 3 : 7); i++) {
        snprintf(text, sizeof text, "duration %g us", waits_us[i]);
        add_text(f, text, known_duration(BATCH, &m->device, &floors, tick_ns, waits_us[i], 1),
                 "batch: within 1 us + 0.5 %");
        /* 5 blocks of 50 isolated calls would last too long */
        if (waits_us[i] > (f->quick ? 1e3 : 1e4)) continue;
        add_text(f, text, known_duration(ISOLATED, &m->device, &floors, tick_ns, waits_us[i], 2),
                 "isolated: within 2 us + 0.5 %");
    }
    add_text(f, "clock", known_clock(BATCH, &m->device, &floors, 2e6),
             "cycles = time x clock within 1 %");
    return NULL;
}
#endif

const char *prove_judges(struct tally *t, struct worker *w, enum place place, int quick)
{
    static struct findings f;
    worker_job *job = prove_host;
    int ended;

    f = (struct findings){.quick = quick};
#ifdef HAVE_CUDART
    if (place == DEVICE) job = prove_device;
#else
    (void)place;
#endif
    TRY(worker_do(w, job, &f, sizeof f, &ended));
    for (int i = 0; i < f.count; i++) tally_add(t, f.at[i].name, &f.at[i].finding);
    return NULL;
}
