/* stamp.h: the clock of the multiprocessors during one timed block, measured on the device itself:
 * a kernel before and a kernel after it note, on every multiprocessor they meet, its cycle counter
 * and the time. NVML, which is asked every 20 ms, is too coarse for a block of 10 ms, and may be
 * missing. Built without nvcc there is no such kernel, and the clock is not known. */
#ifndef WHEELBENCH_STAMP_H
#define WHEELBENCH_STAMP_H
#ifdef __cplusplus
extern "C" {
#endif

enum { STAMP_SMS = 1024 }; /* numbers of multiprocessors that are noted */

struct stamp {
    unsigned long long cycles, ns; /* ns 0: no block of the kernel ran there */
};

/* Clock between two stamps, MHz: cycles over time, the median of the multiprocessors that both have
 * met, first and last being indexed by their number. NaN: there is none. */
double stamp_mhz(const struct stamp first[STAMP_SMS], const struct stamp last[STAMP_SMS]);

/* Queue the first and the second stamp on the stream of place_device, outside of what is timed. One
 * pair is in use at a time. */
const char *stamp_start(void);
const char *stamp_stop(void);
/* Waits for the stream and gives the clock between the two; NaN where it is not known. */
const char *stamp_read(double *mhz);

/* The kernel; `blocks` should be more than there are multiprocessors. */
struct CUstream_st;
void stamp_launch(struct stamp *slots, unsigned blocks, struct CUstream_st *);
#ifdef __cplusplus
}
#endif
#endif
