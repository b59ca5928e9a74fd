/* gpu_cached.c: impls that have lines of L2 persist are caught, and what they left is taken back. A
 * user would lose cold times that are cold: the liar's operands, or those of the next impl, would
 * stay in the cache. The limit that is moved here is that of this process's own context. */
#include "check.h"
#include <cuda_runtime.h>
#include "data/place.h"
#include "measure/contest.h"
#include "ops/problem.h"

static const struct impl *honest;

static const char *set_limit(struct plan *p)
{
    cudaDeviceSetLimit(cudaLimitPersistingL2CacheSize, (size_t)1 << 20);
    return honest->prepare ? honest->prepare(p) : NULL;
}

static const char *run_window(const struct plan *p, const struct operands *o, struct CUstream_st *s)
{
    cudaStreamAttrValue v = {.accessPolicyWindow = {.base_ptr = (void *)(size_t)o->in[0],
                                                    .num_bytes = 4096,
                                                    .hitRatio = 1,
                                                    .hitProp = cudaAccessPropertyPersisting,
                                                    .missProp = cudaAccessPropertyStreaming}};
    cudaStreamSetAttribute(s, cudaStreamAttributeAccessPolicyWindow, &v);
    return honest->run(p, o, s);
}

int main(void)
{
    static struct machine m;
    static struct outcome out[3];
    struct problem p;
    size_t limit;

    machine_look(&m, 0, 0);
    if (!m.device.present || m.device.cc < 80) {
        printf("skipped: %s\n", m.device.present ? "no persisting L2" : m.no_device);
        return 77;
    }
    CHECK_OK(problem_parse(&p, "gemm f32 nn 64x64x64"));
    for (const struct impl *const *i = p.op->impls; *i && !honest; i++)
        if ((*i)->place == DEVICE && (*i)->run && (!(*i)->why_not || !(*i)->why_not(&p, &m.device)))
            honest = *i;
    if (!honest) {
        printf("skipped: no device impl is built\n");
        return 77;
    }
    struct impl limit_liar = *honest, window_liar = *honest;
    limit_liar.prepare = set_limit;
    window_liar.run = run_window;
    const struct impl *const impls[] = {&limit_liar, &window_liar, honest};
    const struct contest c = {.problem = &p,
                              .machine = &m,
                              .place = DEVICE,
                              .impls = impls,
                              .count = 3,
                              .limit_s = 10,
                              .judge_budget = 1e9,
                              .seed = 1};
    CHECK_LOSS("cold times that are cold");
    CHECK_OK(cudaDeviceGetLimit(&limit, cudaLimitPersistingL2CacheSize) ? "no limit" : NULL);
    const size_t before = limit;
    CHECK_OK(contest_run(&c, out));
    for (int i = 0; i < 2; i++) {
        CHECK(out[i].status == STATUS_WRONG);
        CHECK_STR(out[i].flag, "CACHED");
        printf("%s\n", out[i].reason);
    }
    CHECK(out[2].status == STATUS_OK);
    CHECK(!cudaDeviceGetLimit(&limit, cudaLimitPersistingL2CacheSize) && limit == before);
    CHECK_OK(place_device.cache_left());
    return check_done();
}
