/* paced.h: honest impls of gemm on 8x8x8 whose time is known: they wait, or do so many units of
 * work, which is what makes a difference that must be found. */
#ifndef WHEELBENCH_PACED_H
#define WHEELBENCH_PACED_H
#include "wheelbench.h"
#ifdef __cplusplus
extern "C" {
#endif

#define PACED_PROBLEM "gemm f32 nn 8x8x8"

enum paced {
    PACED_NONE, /* units of work: 0, 1, 1.01 ... 4 */
    PACED_ONE,
    PACED_101,
    PACED_102,
    PACED_105,
    PACED_TWO,
    PACED_FOUR,
    PACED_WORK,              /* how many of these there are */
    PACED_20US = PACED_WORK, /* waits; those of the device are in known.h */
    PACED_1MS,
    PACED_20MS,
    PACED_ALL
};

extern const struct impl paced_host[PACED_ALL];
extern const struct impl paced_device[PACED_WORK]; /* where HAVE_NVCC */

#ifdef __cplusplus
}
#endif
#endif
