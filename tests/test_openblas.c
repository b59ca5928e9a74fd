/* test_openblas.c: whether OpenBLAS's kernels fit the CPU. A user would lose the warning that a
 * hand kernel beats a library only because that one does not know the CPU. */
#include "check.h"
#include "device/openblas.h"

static const char *misfit(const char *core, enum openblas_level cpu)
{
    static char text[300];

    openblas_misfit(core, cpu, text, sizeof text);
    return text;
}

int main(void)
{
    char cut[10];

    CHECK_LOSS("the warning, or that it says what helps");
    CHECK(
        strstr(misfit("Haswell", OPENBLAS_AVX512), "Haswell kernels (AVX2) on a CPU with AVX-512"));
    CHECK(strstr(misfit("Prescott", OPENBLAS_AVX2), "make deps-openblas"));
    CHECK(strstr(misfit("ZEN", OPENBLAS_AVX512), "Zen kernels")); /* as serial builds spell it */
    CHECK(strstr(misfit("Nehalem", OPENBLAS_AVX), "SSE"));
    CHECK_LOSS("trust in it: a warning where all is well, or where nothing is known");
    CHECK_STR(misfit("Haswell", OPENBLAS_AVX2), "");
    CHECK_STR(misfit("SkylakeX", OPENBLAS_AVX512), "");
    CHECK_STR(misfit("Cooperlake", OPENBLAS_AVX2), "");
    CHECK_STR(misfit("armv8", OPENBLAS_BASE), "");
    CHECK_STR(misfit("", OPENBLAS_AVX512), "");
    CHECK_LOSS("memory behind a short buffer");
    openblas_misfit("Haswell", OPENBLAS_AVX512, cut, sizeof cut);
    CHECK_STR(cut, "OpenBLAS ");
    CHECK(openblas_cpu_level() <= OPENBLAS_AVX512);
    return check_done();
}
