/* test_apart.c: impls that end their process. A user would lose every row behind the one that died,
 * or the reason why it did. */
#include "check.h"
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include "measure/apart.h"
#include "ops/problem.h"
#include "selftest/product.h"

#define RUN(name)                                                                                  \
    static const char *name(const struct plan *p, const struct operands *o, struct CUstream_st *s)
#define UNUSED ((void)p, (void)o, (void)s)

RUN(honest)
{
    UNUSED;
    product_all(p, o);
    return NULL;
}
RUN(nothing)
{
    UNUSED;
    return NULL;
}
RUN(hangs_at_a_barrier)
{
    UNUSED;
    fputs("simt: stuck: no thread can move\n  block 0,0,0: 1 thread (0) at __syncthreads (line 9)\n"
          "  block 0,0,0: 31 threads exited\n",
          stderr);
    _exit(3);
}
RUN(kills_itself)
{
    UNUSED;
    kill(getpid(), SIGKILL);
    return NULL;
}
RUN(ends_politely)
{
    UNUSED;
    _exit(0);
}
RUN(does_not_end)
{
    UNUSED;
    for (volatile int i = 0; i < 1; i = 0) {
    }
    return NULL;
}

static const struct {
    struct impl impl;
    enum status status;
    const char *reason;
} all[] = {
#define IMPL(r)                                                                                    \
    {                                                                                              \
        .name = #r, .summary = "", .file = "", .place = HOST, .tier = TUNED, .run = r              \
    }
    {IMPL(honest), STATUS_OK, ""},
    {IMPL(hangs_at_a_barrier), STATUS_FAILED,
     "stuck: no thread can move; block 0,0,0: 1 thread (0) at __syncthreads (line 9); block "
     "0,0,0: 31 threads exited"},
    {IMPL(nothing), STATUS_WRONG, "nan:"},
    {IMPL(kills_itself), STATUS_FAILED, "killed by signal 9"},
    {IMPL(ends_politely), STATUS_FAILED, "ended with status 0"},
    {IMPL(does_not_end), STATUS_FAILED, "does not end: stopped after its share of CPU time"},
    {IMPL(honest), STATUS_OK, ""},
};
enum { ALL = sizeof all / sizeof all[0] };

static void one_dies_and_the_others_are_played(void)
{
    static struct machine m;
    static struct outcome out[ALL];
    const struct impl *impls[ALL];
    struct problem p;

    machine_look_host(&m);
    CHECK_OK(problem_parse(&p, "gemm f32 nn 30x40x50 ldc=43"));
    for (int i = 0; i < ALL; i++) impls[i] = &all[i].impl;
    const struct contest c = {.problem = &p,
                              .machine = &m,
                              .place = HOST,
                              .impls = impls,
                              .count = ALL,
                              .limit_s = 0.5,
                              .judge_budget = 1e9,
                              .seed = 1};
    CHECK_OK(apart_run(&c, out));
    for (int i = 0; i < ALL; i++) {
        CHECK_LOSS(all[i].impl.name);
        CHECK(out[i].impl == &all[i].impl);
        CHECK(out[i].status == all[i].status);
        CHECK(!strncmp(out[i].reason, all[i].reason, strlen(all[i].reason)));
        if (strncmp(out[i].reason, all[i].reason, strlen(all[i].reason)))
            printf("    %s: '%s'\n", all[i].impl.name, out[i].reason);
    }
    CHECK_LOSS("the result of an honest impl, on the way out of its process");
    CHECK(out[0].agreement.checked == 1200 && out[0].exact_ok == 1);
}

static void reports(void)
{
    char to[1024];

    CHECK_LOSS("which line of which kernel reads past which operand");
    CHECK_STR(
        apart_reason("==9==WARNING: ASan doesn't fully support makecontext\n"
                     "==9==ERROR: AddressSanitizer: use-after-poison on address 0x62 at pc 0x55\n"
                     "READ of size 8 at 0x62 thread T0\n"
                     "    #0 0x55 in f<int> tests/simt/simt_vector.h:9\n"
                     "    #1 0x55 in smem<double> kernels/gemm/gemm_smem.cu:21\n\n"
                     "0x62 is located 12280 bytes inside of 16384-byte region [0x5f,0x63)\n"
                     "fence: 0 bytes behind A\n",
                     256, to, sizeof to),
        "AddressSanitizer: READ of size 8, 0 bytes behind A at kernels/gemm/gemm_smem.cu:21");
    CHECK_STR(
        apart_reason("==9==ERROR: AddressSanitizer: global-buffer-overflow on address 0x5a8 at\n"
                     "WRITE of size 4 at 0x5a8 thread T0\n"
                     "    #0 0x55 in smem<float> kernels/gemm/gemm_smem.cu:33\n\n"
                     "0x5a8 is located 0 bytes to the right of global variable 'as' defined in "
                     "'kernels/gemm/gemm_smem.cu:28:20' (0x5a0) of size 4224\n",
                     256, to, sizeof to),
        "AddressSanitizer: WRITE of size 4, global-buffer-overflow, 0 bytes to the right of "
        "global variable 'as' at kernels/gemm/gemm_smem.cu:33");
    CHECK_STR(
        apart_reason("kernels/cell.cuh:118:30: runtime error: load of misaligned address 0x5 "
                     "for type 'const uint4', which requires 16 byte alignment\n0x5: note\n",
                     256, to, sizeof to),
        "UBSan: load of misaligned address 0x5 for type 'const uint4', which requires 16 byte "
        "alignment at kernels/cell.cuh:118:30");
    CHECK_STR(apart_reason("simt: block 0,0,0 thread 3: a fault\nmore\n", 768, to, sizeof to),
              "block 0,0,0 thread 3: a fault");
    CHECK_STR(apart_reason("", 768, to, sizeof to), "ended with status 3");
}

int main(void)
{
    one_dies_and_the_others_are_played();
    reports();
    return check_done();
}
