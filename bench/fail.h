/* fail.h: a call that failed becomes the one line that its caller returns. CHECK_CUDA(call),
 * CHECK_CUBLAS, CHECK_CUDNN return from the function they stand in, with "cuda: cudaMalloc(...):
 * out of memory"; all come from one generator, WHEELBENCH_CHECK. Include the library's header
 * before this one; only the checks whose header is there can be used. */
#ifndef WHEELBENCH_FAIL_H
#define WHEELBENCH_FAIL_H
#ifdef __cplusplus
extern "C" {
#endif

/* printf into this thread's one line of failure text (bench/fail.c); returns it. Control characters
 * become spaces. */
const char *fail_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#ifdef __cplusplus
}
#endif

#define WHEELBENCH_CHECK(library, status_type, success, text_of, call)                             \
    do {                                                                                           \
        status_type status_ = (call);                                                              \
        if (status_ != success) return fail_text("%s: %s: %s", library, #call, text_of(status_));  \
    } while (0)

#define CHECK_CUDA(call)                                                                           \
    WHEELBENCH_CHECK("cuda", cudaError_t, cudaSuccess, cudaGetErrorString, call)
#define CHECK_CUBLAS(call)                                                                         \
    WHEELBENCH_CHECK("cublas", cublasStatus_t, CUBLAS_STATUS_SUCCESS, cublasGetStatusString, call)
#define CHECK_CUDNN(call)                                                                          \
    WHEELBENCH_CHECK("cudnn", cudnnStatus_t, CUDNN_STATUS_SUCCESS, cudnnGetErrorString, call)

/* For functions that return such a text themselves. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        const char *failed_ = (call);                                                              \
        if (failed_) return failed_;                                                               \
    } while (0)
#endif
