/* oracle.h: the judges. Each writes y and S = sum |terms| in float64 from the definition; see
 * struct op in wheelbench.h. The CPU and the GPU form of an op share one definition,
 * reference/oracle_<op>.h. */
#ifndef WHEELBENCH_ORACLE_H
#define WHEELBENCH_ORACLE_H
#include "wheelbench.h"
#ifdef __cplusplus
extern "C" {
#endif

#define ORACLE(name)                                                                               \
    void name(const struct problem *, const struct operands *, const void *before,                 \
              const long *index, long first, long count, double *y, double *s)
#define ORACLE_ON_DEVICE(name)                                                                     \
    const char *name(const struct problem *, const struct operands *, const void *before,          \
                     const long *index, long first, long count, double *y, double *s,              \
                     struct CUstream_st *)

ORACLE(oracle_gemm);
ORACLE(oracle_conv2d);
ORACLE(oracle_pool2d);
#ifdef HAVE_NVCC
ORACLE_ON_DEVICE(oracle_gemm_device);
ORACLE_ON_DEVICE(oracle_conv2d_device);
ORACLE_ON_DEVICE(oracle_pool2d_device);
#define ORACLE_DEVICE(name) name
#else
#define ORACLE_DEVICE(name) NULL
#endif

#ifdef __cplusplus
}
#endif
#endif
