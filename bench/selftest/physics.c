/* physics.c: the device against its specification: a copy of DRAM is near what bus and clock allow,
 * and what fits into the cache is faster the second time while more than that is not. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "fail.h"
#include "measure/roof.h"
#include "selftest/play.h"
#include "selftest/proof.h"
#include "selftest/ready.h"

#ifdef HAVE_NVCC
static const double COPY_S = 0.5, COPY_QUICK_S = 0.2, LIMIT_S = 60;

struct copy {
    struct roof_values roof;
    double seconds;
};

static const char *copy(void *shared, struct machine *m)
{
    struct copy *c = shared;

    phase_enter(NULL, "the proof of physics", LIMIT_S);
    return roof_measure_device_one(&c->roof, ROOF_DRAM_COPY, &m->device, c->seconds);
}

static const char *prove_copy(struct tally *t, struct worker *w, const struct floor_spec *spec,
                              int quick)
{
    struct copy c = {.seconds = quick ? COPY_QUICK_S : COPY_S};
    int ended;

    roof_clear(&c.roof, DEVICE, NULL); /* whether it is too fast is ours to say */
    TRY(worker_do(w, copy, &c, sizeof c, &ended));
    const struct finding f = copy_verdict(c.roof.value[ROOF_DRAM_COPY], spec->gbs);
    tally_add(t, "physics: copy", &f);
    return NULL;
}

struct caching {
    struct worker *w;
    struct play *play;
};

/* Both amounts of operands, in one and out one. */
static const char *caches(void *of, int try, struct finding *f)
{
    static const double of_l2[2] = {0.25, 4};
    struct caching *c = of;
    const double l2 = (double)worker_machine(c->w)->device.l2_bytes;
    const long width = 1024;
    char problem[96];

    if (!(l2 > 0)) return "the size of the L2 cache is not known";
    for (int i = 0; i < 2; i++) {
        snprintf(problem, sizeof problem, "pool2d f32 nchw max 1x1x%ldx%ld 1x1",
                 (long)(of_l2[i] * l2 / 8 / (double)width) + 1, width);
        c->play->impl[0] = &copy_device;
        TRY(play_contest(c->play, c->w, DEVICE, problem, 1, 1, (uint64_t)(try + 1)));
        f[i] = cache_verdict(play_cold_us(c->play, 0), play_median_us(c->play, 0), i == 0);
    }
    return NULL;
}

const char *prove_physics(struct tally *t, struct worker *w, const struct floor_spec *spec,
                          int quick)
{
    static const char *const names[2] = {"physics: a quarter of L2", "physics: four times L2"};
    struct caching c = {.w = w, .play = calloc(1, sizeof *c.play)};

    const char *why = c.play ? tally_failure(t, "physics: copy", prove_copy(t, w, spec, quick))
                             : "oom: host memory for a contest";
    if (!why && !quick) why = proof_tries(t, caches, &c, names, 2, 0);
    if (c.play) play_free(c.play);
    free(c.play);
    return why;
}
#else
const char *prove_physics(struct tally *t, struct worker *w, const struct floor_spec *spec,
                          int quick)
{
    const struct finding f = {.verdict = VERDICT_UNTRIED, .said = "not tried: not built: no nvcc"};

    (void)w, (void)spec, (void)quick;
    tally_add(t, "physics", &f);
    return NULL;
}
#endif
