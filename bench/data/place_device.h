/* place_device.h: between place_device_cuda.c (plain C, also without nvcc) and its kernels. */
#ifndef WHEELBENCH_PLACE_DEVICE_H
#define WHEELBENCH_PLACE_DEVICE_H
#include "data/place.h"
#ifdef __cplusplus
extern "C" {
#endif
/* All queue on the stream. sum, count and part lie on the device and hold the start value. */
const char *device_fill(void *p, const struct tensor *t, const struct fill *f,
                        struct CUstream_st *);
const char *device_hash(const void *p, size_t n, unsigned long long *sum, struct CUstream_st *);
const char *device_count_written(const void *p, size_t n, const struct tensor *gaps,
                                 unsigned long long *count, struct CUstream_st *);
/* One agreement a block into part[0..*parts); room for DEVICE_PARTS. */
enum { DEVICE_PARTS = 1024 };
const char *device_agree(const struct agree_rule *r, const struct tensor *t, const void *out,
                         const long *index, long first, long count, const double *y,
                         const double *s, struct agreement *part, int *parts, struct CUstream_st *);

/* fold adds to *count what is lost; fold_differs lowers *count to the first line that differs. */
const char *device_fold(const struct fold_axis *x, enum storage type, const void *p,
                        const uint16_t *signs, void *to, unsigned long long *count,
                        struct CUstream_st *);
const char *device_fold_differs(const struct fold_axis *x, enum storage type, const void *p,
                                const uint16_t *signs, const double *y, long from,
                                unsigned long long *count, struct CUstream_st *);

/* fold and fold_differs of place.h. */
const char *place_fold(const struct fold_axis *x, enum storage type, const void *p,
                       const uint16_t *signs, void *to, long *lost);
const char *place_fold_differs(const struct fold_axis *x, enum storage type, const void *p,
                               const uint16_t *signs, const double *y, long from, long *line);

/* cache_reset and cache_left of place.h. */
void device_cache_reset(struct CUstream_st *);
const char *device_cache_left(struct CUstream_st *);
#ifdef __cplusplus
}
#endif
#endif
