/* null.h: a kernel that does nothing: what a launch costs at least. */
#ifndef WHEELBENCH_NULL_H
#define WHEELBENCH_NULL_H
#ifdef __cplusplus
extern "C"
#endif
    void
    null_launch(struct CUstream_st *);
#endif
