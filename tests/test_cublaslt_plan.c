/* test_cublaslt_plan.c: what cuBLASLt is told of a gemm problem, and what is said of its
 * algorithms; no device is needed. */
#include <stdlib.h>
#include "scratch.h"
#include "check.h"
#include "ops/problem.h"
#include "reference/cublaslt_plan.h"

enum { ROOM = 400 };

/* Element (r, c) of op(x) for a column-major x. */
static double at(const struct lt_matrix *x, const double *data, uint64_t r, uint64_t c)
{
    return x->op == CUBLAS_OP_T ? data[c + r * (uint64_t)x->ld] : data[r + c * (uint64_t)x->ld];
}

/* What the library computes by its manual: column-major, C = op(A) op(B). */
static void library(const struct lt_description *d, const double *a, const double *b, double *c)
{
    const uint64_t k = d->a.op == CUBLAS_OP_T ? d->a.rows : d->a.cols;

    for (uint64_t col = 0; col < d->c.cols; col++)
        for (uint64_t row = 0; row < d->c.rows; row++) {
            double sum = 0;
            for (uint64_t p = 0; p < k; p++) sum += at(&d->a, a, row, p) * at(&d->b, b, p, col);
            c[row + col * (uint64_t)d->c.ld] = sum;
        }
}

/* What the problem means, row-major. */
static void definition(const struct gemm *g, const double *a, const double *b, double *c)
{
    for (long i = 0; i < g->m; i++)
        for (long j = 0; j < g->n; j++) {
            double sum = 0;
            for (long p = 0; p < g->k; p++)
                sum += a[g->trans_a ? p * g->lda + i : i * g->lda + p] *
                       b[g->trans_b ? j * g->ldb + p : p * g->ldb + j];
            c[i * g->ldc + j] = sum;
        }
}

static void test_layouts(void)
{
    static const char *const layouts[] = {"nn", "nt", "tn", "tt"};
    static const char *const shapes[] = {"3x4x5", "7x2x3 lda=11 ldb=13 ldc=9", "1x6x1", "5x1x4"};
    double a[ROOM], b[ROOM], ours[ROOM], theirs[ROOM];

    for (int i = 0; i < ROOM; i++) a[i] = i % 17 - 8, b[i] = i % 13 - 6;
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        for (size_t j = 0; j < sizeof shapes / sizeof *shapes; j++) {
            char text[200];
            struct problem p;
            snprintf(text, sizeof text, "gemm f64 %s %s", layouts[i], shapes[j]);
            CHECK_OK(problem_parse(&p, text));
            const struct lt_description d = lt_describe(&p);
            const struct lt_matrix *const all[] = {&d.a, &d.b, &d.c};

            CHECK_LOSS("a rival that computes another product: its row would be wrong");
            for (int x = 0; x < ROOM; x++) ours[x] = theirs[x] = 1000 + x;
            definition(&p.gemm, a, b, ours);
            library(&d, b, a, theirs); /* its A is our B */
            if (!CHECK(!memcmp(ours, theirs, sizeof ours))) printf("    %s\n", text);

            CHECK_LOSS("the library refuses its descriptors");
            for (int x = 0; x < 3; x++) CHECK(all[x]->rows <= (uint64_t)all[x]->ld);
            const uint64_t ak = d.a.op == CUBLAS_OP_T ? d.a.rows : d.a.cols;
            const uint64_t bk = d.b.op == CUBLAS_OP_T ? d.b.cols : d.b.rows;
            CHECK(ak == (uint64_t)p.gemm.k && bk == ak);
        }
}

static void test_contract(void)
{
    static const struct {
        const char *precision;
        cublasComputeType_t compute;
        cudaDataType_t stored, scale;
    } wanted[] = {{"f64", CUBLAS_COMPUTE_64F, CUDA_R_64F, CUDA_R_64F},
                  {"f32", CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_32F},
                  {"tf32", CUBLAS_COMPUTE_32F_FAST_TF32, CUDA_R_32F, CUDA_R_32F},
                  {"f16", CUBLAS_COMPUTE_32F, CUDA_R_16F, CUDA_R_32F},
                  {"bf16", CUBLAS_COMPUTE_32F, CUDA_R_16BF, CUDA_R_32F}};

    CHECK_LOSS("a row that computes in another precision than it says");
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        char text[100];
        struct problem p;
        snprintf(text, sizeof text, "gemm %s nn 8x8x8 alpha=0.5", wanted[i].precision);
        CHECK_OK(problem_parse(&p, text));
        const struct lt_description d = lt_describe(&p);
        CHECK(d.compute == wanted[i].compute);
        CHECK(d.stored == wanted[i].stored && d.scale == wanted[i].scale);
        if (d.stored != d.scale)
            CHECK(!(d.reductions &
                    (CUBLASLT_REDUCTION_SCHEME_INPLACE | CUBLASLT_REDUCTION_SCHEME_OUTPUT_TYPE)));
        double kept;
        const void *alpha = cublas_scalar(p.precision, 0.5, &kept);
        CHECK(d.scale == CUDA_R_64F ? *(const double *)alpha == 0.5
                                    : *(const float *)alpha == 0.5f);
    }
}

static void test_texts(void)
{
    const struct lt_config plain = {.id = 66,
                                    .tile = CUBLASLT_MATMUL_TILE_256x128,
                                    .stages = 35,
                                    .splitk = 1,
                                    .reduction = 0,
                                    .custom = -1},
                           rich = {.id = 7,
                                   .tile = 9999,
                                   .stages = -1,
                                   .splitk = 12,
                                   .reduction = 2,
                                   .cluster = 3,
                                   .inner = 4,
                                   .custom = 5},
                           unknown = {-1, -1, -1, -1, -1, -1, -1, -1};
    char text[160], narrow[10];

    CHECK_LOSS("algo does not say which algorithm ran");
    lt_algo_text(&plain, text, sizeof text);
    CHECK_STR(text, "algo 66 128x256 stages 35");
    lt_algo_text(&rich, text, sizeof text);
    CHECK_STR(text, "algo 7 tile 9999 splitk 12 reduction 2 cluster 3 inner 4 custom 5");
    lt_algo_text(&unknown, text, sizeof text);
    CHECK_STR(text, "algo -1");
    lt_algo_text(&rich, narrow, sizeof narrow);
    CHECK_STR(narrow, "algo 7 ti");
    CHECK_STR(cublas_compute_name(CUBLAS_COMPUTE_32F_PEDANTIC), "32F_PEDANTIC");
}

static void test_limits(void)
{
    struct device old = {.present = 1, .cc = 75}, now = {.present = 1, .cc = 90};
    struct problem p;

    CHECK_LOSS("a failure deep in the library instead of a reason");
    CHECK_OK(problem_parse(&p, "gemm bf16 nt 8x8x8"));
    CHECK_FAILS(cublas_why_not(&p, &old), "needs compute capability 8.0");
    CHECK_OK(cublas_why_not(&p, &now));
    CHECK_OK(cublas_gemm_why_not(&p, &now));
    p.gemm.lda = 1L << 31;
    CHECK_FAILS(cublas_gemm_why_not(&p, &now), "2147483647");
}

int main(void)
{
    test_layouts();
    test_contract();
    test_texts();
    test_limits();
    return check_done();
}
