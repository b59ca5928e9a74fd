/* paced_device.cu: see paced.h. A unit of work is 400 us of looking at the device's clock, far
 * above its step, inside the kernel that also does the product. */
#include "selftest/product.cuh"
#include "measure/clock.cuh"
#include "fail.h"
#include "selftest/paced.h"

static const double UNIT_NS = 400e3;
enum { OUTPUTS = 64 }; /* of 8x8x8 */

static __global__ void paced_kernel(struct gemm g, const void *a, const void *b, void *c,
                                    struct bend bend, unsigned long long ns)
{
    const unsigned long long start = clock_ns();

    product_at(&g, STORE_F32, a, b, c, &bend, threadIdx.x);
    while (threadIdx.x == 0 && clock_ns() - start < ns) {
    }
}

static const char *run(const struct plan *p, const struct operands *o, struct CUstream_st *s)
{
    const struct gemm *g = &p->problem->gemm;
    const unsigned long long ns = (unsigned long long)(UNIT_NS * *(const double *)p->state);

    paced_kernel<<<1, OUTPUTS, 0, s>>>(*g, o->in[0], o->in[1], o->out, bend_none(g), ns);
    return NULL;
}

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    return p->precision == F32 && p->gemm.m * p->gemm.n <= OUTPUTS ? NULL : "f32, 64 outputs";
}

#define AMOUNT(name, amount)                                                                       \
    static const char *prepare_##name(struct plan *p)                                              \
    {                                                                                              \
        static double value = amount;                                                              \
        p->state = &value;                                                                         \
        return NULL;                                                                               \
    }
AMOUNT(none, 0)
AMOUNT(one, 1)
AMOUNT(101, 1.01)
AMOUNT(102, 1.02)
AMOUNT(105, 1.05)
AMOUNT(two, 2)
AMOUNT(four, 4)

/* In the order of enum paced. */
#define PACED(id)                                                                                  \
    {                                                                                              \
        "paced_" #id, "", "", TUNED, DEVICE, why_not, prepare_##id, run, NULL                      \
    }
extern "C" const struct impl paced_device[PACED_WORK] = {
    PACED(none), PACED(one), PACED(101), PACED(102), PACED(105), PACED(two), PACED(four)};
