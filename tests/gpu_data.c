/* gpu_data.c: the harness's own device code gives the bits of the host: generator, hash, guards,
 * judges, comparison. A user would lose the truth that every device row is held against. */
#include "check.h"
#include <stdlib.h>
#include "data/judge.h"
#include "device/machine.h"
#include "ops/problem.h"
#include "selftest/proof.h"

static void *fetch(const void *p, size_t n)
{
    void *host = malloc(n);

    CHECK_OK(place_device.to_host(host, p, n));
    return host;
}

/* One problem on both sides: inputs and judge, and the agreement of the judge's own y as an output.
 */
static void same(const char *text, enum data_kind kind)
{
    struct problem p;
    struct sets h, d;
    struct judge jh, jd;

    CHECK_OK(problem_parse(&p, text));
    CHECK_OK(same_bits(&place_host, &place_device, &p, kind));
    CHECK_OK(sets_open(&h, &place_host, &p, 2, kind, 5));
    CHECK_OK(sets_open(&d, &place_device, &p, 2, kind, 5));
    CHECK_OK(sets_untouched(&d, 1));
    CHECK_OK(judge_open(&jh, &h, 1, 1e9));
    CHECK_OK(judge_open(&jd, &d, 1, 1e9));
    /* the host's truth, rounded and sent over, must agree; with one element off it must not */
    const size_t bytes = tensor_bytes(&d.out);
    unsigned char *out = fetch(d.set[1].out, bytes);
    struct agreement a;
    const char *flag;
    for (long i = 0; i < jh.checked; i++)
        number_store(h.out.storage, out, tensor_at(&h.out, i), jh.y[i]);
    CHECK_OK(place_device.from_host(d.set[1].out, out, bytes));
    CHECK_OK(judge_check(&jd, 1, &a, &flag));
    CHECK(a.checked == jd.checked && a.bad == 0);
    const long last = jh.checked - 1;
    number_store(h.out.storage, out, tensor_at(&h.out, last), jh.y[last] + 1);
    CHECK_OK(place_device.from_host(d.set[1].out, out, bytes));
    CHECK(judge_check(&jd, 1, &a, &flag) != NULL);
    CHECK(a.bad == 1 && a.first_bad == last);

    /* one byte in a guard */
    CHECK_OK(place_device.set_bytes((char *)d.set[1].out - 1, 0, 1));
    CHECK_FAILS(sets_untouched(&d, 1), "guard: 1 bytes before");
    free(out);
    judge_close(&jh);
    judge_close(&jd);
    sets_close(&h);
    sets_close(&d);
}

/* The same of a judge that sees a sample only: the folded truth, and what is found beyond it. */
static void same_folded(const char *text)
{
    struct problem p;
    struct sets h, d;
    struct judge full, jh, jd;
    struct agreement a;
    const char *flag, *said[2];

    CHECK_OK(problem_parse(&p, text));
    CHECK_OK(sets_open(&h, &place_host, &p, 1, DATA_EXACT, 5));
    CHECK_OK(sets_open(&d, &place_device, &p, 1, DATA_EXACT, 5));
    CHECK_OK(judge_open(&full, &h, 0, 1e12));
    CHECK_OK(judge_open(&jh, &h, 0, 1));
    CHECK_OK(judge_open(&jd, &d, 0, 1));
    if (CHECK(jh.all.y && jd.all.y)) {
        const struct fold_axis *x = &jh.all.out;
        const size_t truth =
                         (size_t)(x->outer * x->inner * FOLD_COLUMNS * fold_pieces(h.out.storage)) *
                         sizeof(double),
                     out = tensor_bytes(&h.out);
        double *y = fetch(jd.all.y, truth);
        CHECK(!memcmp(y, jh.all.y, truth));
        free(y);
        for (long i = 0; i < jh.outputs; i++)
            number_store(h.out.storage, h.set[0].out, tensor_at(&h.out, i), full.y[i]);
        CHECK_OK(place_device.from_host(d.set[0].out, h.set[0].out, out));
        CHECK_OK(judge_check(&jh, 1, &a, &flag));
        CHECK_OK(judge_check(&jd, 1, &a, &flag));
        /* every output in turn is too much; some of each line's start, middle and end */
        for (long i = 1; i < jh.outputs; i += jh.outputs / 97) {
            char kept[256];
            const long at = tensor_at(&h.out, i);
            number_store(h.out.storage, h.set[0].out, at, full.y[i] + 1);
            CHECK_OK(place_device.from_host(d.set[0].out, h.set[0].out, out));
            said[0] = judge_check(&jh, 1, &a, &flag);
            snprintf(kept, sizeof kept, "%s", said[0] ? said[0] : "host: nothing seen");
            said[1] = judge_check(&jd, 1, &a, &flag);
            CHECK_STR(said[1] ? said[1] : "device: nothing seen", kept);
            number_store(h.out.storage, h.set[0].out, at, full.y[i]);
        }
    } else {
        printf("    left out: '%s', '%s'\n", jh.all.left_out, jd.all.left_out);
    }
    judge_close(&full);
    judge_close(&jh);
    judge_close(&jd);
    sets_close(&h);
    sets_close(&d);
}

int main(void)
{
    static const char *const texts[] = {"gemm f64 nn 33x17x65",
                                        "gemm f32 nt 31x65x129 beta=2 ldc=70",
                                        "gemm f16 tn 40x24x56 lda=61",
                                        "gemm bf16 tt 65x33x40",
                                        "conv2d f32 nchw 2x6x9x7 k4 3x2 pad1 groups2",
                                        "conv2d bf16 nhwc 1x5x8x8 k7 3x3 dil2",
                                        "pool2d f16 nhwc max 2x7x9x9 3x3 stride2 pad1",
                                        "pool2d f32 nchw avg_excl 2x3x9x8 3x3 pad1"};
    static const char *const folded[] = {"gemm f64 nn 97x81x65 beta=0.5",
                                         "gemm f32 nt 70x97x129 beta=2 ldb=131 ldc=101",
                                         "gemm tf32 tt 81x70x33 lda=90",
                                         "gemm f16 tn 70x130x56 lda=72",
                                         "gemm bf16 nn 300x70x90 beta=-1",
                                         "conv2d f32 nchw 2x6x20x21 k66 3x2 pad1 groups2",
                                         "conv2d f64 nhwc 2x6x20x21 k66 3x3 dil2",
                                         "conv2d bf16 nhwc 2x5x20x20 k67 3x3 stride2x1",
                                         "conv2d f16 nchw 70x4x12x12 k8 3x3 groups4"};
    static struct machine m;

    machine_look(&m, 0, 0);
    if (!m.device.present) {
        printf("skipped: %s\n", m.no_device);
        return 77;
    }
    CHECK_LOSS("the truth that every device row is held against");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        same(texts[i], DATA_EXACT);
        same(texts[i], DATA_UNIFORM);
    }
    CHECK_LOSS("on the device, a wrong output that the sample does not hit");
    for (size_t i = 0; i < sizeof folded / sizeof folded[0]; i++) same_folded(folded[i]);
    return check_done();
}
