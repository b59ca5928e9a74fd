/* wheelbench.h: what an op, a problem, an impl and a tensor are. THE interface: kernels and library
 * wrappers know this file and no other part of the harness. C11 that also parses as C++17, since
 * every .c and .cu file includes it.
 *
 * Everything is row-major. Errors travel as text: a function that can fail returns NULL, or one
 * line that says why, and that line ends in the column `reason` of results.csv. Such a text is
 * constant or lives until the next failure on the same thread. */
#ifndef WHEELBENCH_H
#define WHEELBENCH_H
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#define MAY_BE_LEFT_OUT = nullptr /* else C++ warns about every impl without it */
#else
#define MAY_BE_LEFT_OUT
#endif

struct CUstream_st; /* cudaStream_t is a pointer to one: no CUDA header is needed here */

/* The numerical contract of a problem: what is stored, how it accumulates, and so how far a result
 * may be off. */
enum precision { F64, F32, TF32, F16, BF16, PRECISIONS };
enum storage { STORE_F64, STORE_F32, STORE_F16, STORE_BF16 };

enum tier {
    NAIVE,
    TUNED,
    LIBRARY
}; /* wrote down the definition; climbed the ladder; called a library */
enum place { HOST, DEVICE };

/* ---- shapes: one struct an op. Text forms are in ops/<op>.c ---- */

/* C = alpha op(A) op(B) + beta C with op(A) m x k, op(B) k x n, C m x n. beta == 0 never reads C.
 * trans_a: A is stored k x m (lda >= m), else m x k (lda >= k). trans_b: B is stored n x k (ldb >=
 * k), else k x n (ldb >= n). */
struct gemm {
    int trans_a, trans_b;
    long m, n, k, lda, ldb, ldc; /* elements */
    double alpha, beta;
};

/* y = conv(x, w): cross-correlation, symmetric padding, no bias. p and q are the rows and columns
 * of y. nchw: x[n][c][h][w] w[k][c/groups][r][s] y[n][k][p][q]; nhwc: x[n][h][w][c]
 * w[k][r][s][c/groups] y[n][p][q][k]. */
struct conv2d {
    int nhwc;
    long n, c, h, w, k, r, s, stride_h, stride_w, pad_h, pad_w, dil_h, dil_w, groups, p, q;
};

/* Windows of r x s over each plane. avg_incl divides by r s, avg_excl by the pixels inside the
 * image; max ignores the padding. */
enum pool_kind { POOL_MAX, POOL_AVG_INCL, POOL_AVG_EXCL };
struct pool2d {
    int nhwc;
    enum pool_kind kind;
    long n, c, h, w, r, s, stride_h, stride_w, pad_h, pad_w, p, q;
};

struct problem {
    const struct op *op;
    enum precision precision;
    char layout[8];  /* CSV column: nn nt tn tt; nchw nhwc */
    char shape[160]; /* CSV column: the rest of the canonical text form */
    char text[200];  /* canonical text form: op precision layout shape */
    char label[40];  /* what figures call it; from the problem file, may be empty */
    union {
        struct gemm gemm;
        struct conv2d conv2d;
        struct pool2d pool2d;
    };
};

/* ---- data ---- */

/* One operand, seen as rows of `cols` elements that start `ld` elements apart. A dense tensor is
 * one row. */
struct tensor {
    const char *name;
    enum storage storage;
    long rows, cols, ld;
};
enum { MAX_INPUTS = 2 };

/* What `run` gets. Device impls get device pointers, host impls host pointers, all 256-byte
 * aligned. With beta != 0 `out` also holds C on entry. The workspace is as large as prepare asked
 * for and full of 0xFF. */
struct operands {
    const void *in[MAX_INPUTS]; /* gemm: A B; conv2d: x w; pool2d: x */
    void *out;
    void *workspace;
};

/* The machine, as far as an impl must know it. */
struct device {
    int present;      /* a CUDA device can be used */
    int ordinal;      /* CUDA device number */
    int cc;           /* compute capability, 90 for 9.0 */
    int sms;          /* streaming multiprocessors */
    int shared_max;   /* bytes of shared memory a block can have, opt-in included */
    size_t l2_bytes;  /* last-level cache of the GPU */
    int threads;      /* threads that host impls and host libraries use */
    size_t llc_bytes; /* last-level cache of the host */
};

/* ---- impls ---- */

/* What prepare leaves behind for run. The harness zeroes it and sets the first two. */
struct plan {
    const struct problem *problem;
    const struct device *device;
    void *state;            /* the impl's own */
    size_t workspace_bytes; /* memory beyond the operands; the harness allocates it */
    double slack;   /* W of the error bound: 0 or 1 direct, 2 Winograd F(2x2), 8 F(4x4) and FFT */
    char algo[160]; /* CSV column: tile or library algorithm that runs */
};

#define IMPL_DECLINES "not supported: "

/* One way to compute an op: one file that ends in one of these, and one line in bench/ops/<op>.def.
 */
struct impl {
    const char *name;    /* = symbol = file name = CSV value = legend */
    const char *summary; /* one line: what this rung does */
    const char *file;    /* __FILE__, relative to the root: lines are counted from it */
    enum tier tier;
    enum place place;
    /* NULL: can run this problem here; else the reason. Asked first; a missing device has been
     * dealt with. May itself be NULL. */
    const char *(*why_not)(const struct problem *, const struct device *);
    /* Plans, workspace size, attributes, tuning. Never packed operands: those are timed. May be
     * NULL. A reason that begins with IMPL_DECLINES: only the library could tell that it does not
     * do this problem here; the row is skipped, as by why_not. */
    const char *(*prepare)(struct plan *);
    /* The only timed call. Queues on the stream (device) or computes (host); no allocation, no
     * synchronisation. */
    const char *(*run)(const struct plan *, const struct operands *, struct CUstream_st *);
    void (*cleanup)(struct plan *); /* frees state; NULL if there is none. Also called after a
                                       prepare that failed */
    /* Both, or neither: an impl that has several ways, tiles or algorithms, for the harness to
     * choose from (measure/tune.h); prepare then sets none of what use sets. variants: how many
     * there are for this problem; beyond 16 they are ignored, so the likely ones come first. use:
     * variant i (from 0) is what run calls from now on; sets workspace_bytes and algo, which are 0
     * and empty before, and slack where it differs; a reason where that variant cannot be. It is
     * called often and in any order, also between blocks: no plans are made here. */
    int (*variants)(const struct plan *) MAY_BE_LEFT_OUT;
    const char *(*use)(struct plan *, int i)MAY_BE_LEFT_OUT;
};

/* ---- ops ---- */

/* Inputs for the exact check: integers times scale, each drawn from -amplitude..amplitude, others
 * than zero with this density. */
struct exact_data {
    int amplitude;
    double density, scale;
};

/* One axis of an operand: element (a, j, b), a < outer, j < length, b < inner, lies step_a a +
 * step_j j + b elements from the start. length 0: the operand has no such axis. */
struct fold_axis {
    long outer, length, inner, step_a, step_j;
};
enum { MAX_OPERANDS = MAX_INPUTS + 1 }; /* the inputs, then out */

struct op {
    const char *name, *summary;
    const char *form; /* text form, for messages */
    /* Reads layout and shape, the words after op and precision. 0, or -1 with why. Writes layout,
     * shape and the shape struct. */
    int (*parse)(struct problem *, const char *text, char *why, size_t n);
    double (*flops)(
        const struct problem *); /* useful FLOPs of the definition; 0: judged by bytes */
    double (*bytes)(const struct problem *); /* each input read once, the output written once */
    /* Of both, what cannot be left out: no padding, no pixel between windows. direct 0: by whatever
     * algorithm; 0 FLOPs: nothing is known of it. NULL: all of flops and bytes. */
    void (*least)(const struct problem *, int direct, double *flops, double *bytes);
    int (*tensors)(const struct problem *, struct tensor in[MAX_INPUTS],
                   struct tensor *out);       /* returns the count of inputs */
    int (*reads_out)(const struct problem *); /* out is an input too (beta != 0); NULL: never */
    double (*reduction)(
        const struct problem *); /* K of the error bound: terms that one output sums */
    double (*work)(
        const struct problem *); /* products (or taps) of one output: what the oracle will cost */
    /* Fills `d` for input i (i == count of inputs: out before the call). 1: results must match bit
     * for bit; 0: within the bound. */
    int (*exact)(const struct problem *, int input, struct exact_data *d);
    /* y and S (condition: sum of |terms|) in float64 of the outputs index[0..count), or of outputs
     * first..first+count-1 when index is NULL; an index counts row * cols + column of the output
     * tensor. `before` is out before the call, NULL when it is not read. */
    void (*oracle)(const struct problem *, const struct operands *, const void *before,
                   const long *index, long first, long count, double *y, double *s);
    /* The same on the device, pointers included. NULL when built without nvcc. */
    const char *(*oracle_device)(const struct problem *, const struct operands *,
                                 const void *before, const long *index, long first, long count,
                                 double *y, double *s, struct CUstream_st *);
    /* The longest axis along which out is linear in one input, the other being shared: columns of B
     * and C, output channels of w and y. Writes where it lies in the operands, and the same problem
     * with an axis of `length` instead, dense where the axis runs: what Freivalds' check asks the
     * oracle for (data/freivalds.h). NULL: there is none (a maximum is not linear). */
    void (*fold)(const struct problem *, long length, struct problem *folded,
                 struct fold_axis axis[MAX_OPERANDS]);
    const struct impl *const *impls; /* ladder order, NULL at the end */
};

extern const struct op *const wheelbench_ops[]; /* NULL at the end; bench/ops/ops.c */

#ifdef __cplusplus
}
#endif
#endif
