/* cublaslt_plan.c: see cublaslt_plan.h. */
#include "reference/cublaslt_plan.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lt_state {
    cublasLtMatmulDesc_t operation;
    cublasLtMatrixLayout_t a, b, c;
    int count, used;
    cublasLtMatmulHeuristicResult_t found[LT_MOST];
};

static cublasLtHandle_t handle; /* one a process */

/* ---- description ---- */

/* A matrix of ours, r x c with rows ld apart, is the library's c x r. */
static struct lt_matrix matrix(long r, long c, long ld, int transposed)
{
    return (struct lt_matrix){.op = transposed ? CUBLAS_OP_T : CUBLAS_OP_N,
                              .rows = (uint64_t)c,
                              .cols = (uint64_t)r,
                              .ld = ld};
}

struct lt_description lt_describe(const struct problem *p)
{
    const struct gemm *g = &p->gemm;
    const int narrow = p->precision == F16 || p->precision == BF16;

    return (struct lt_description){
        .compute = cublas_compute(p->precision),
        .stored = cublas_stored(p->precision),
        .scale = p->precision == F64 ? CUDA_R_64F : CUDA_R_32F,
        /* the others keep partial sums in the type of C */
        .reductions =
            narrow ? CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE : CUBLASLT_REDUCTION_SCHEME_MASK,
        .a = g->trans_b ? matrix(g->n, g->k, g->ldb, 1) : matrix(g->k, g->n, g->ldb, 0),
        .b = g->trans_a ? matrix(g->k, g->m, g->lda, 1) : matrix(g->m, g->k, g->lda, 0),
        .c = matrix(g->m, g->n, g->ldc, 0),
    };
}

/* ---- what ran ---- */

/* Sizes of the tiles that the library's numbers stand for: rows x columns of its C. */
static const struct {
    short rows, cols;
} tiles[] = {
#define TILE(r, c) [CUBLASLT_MATMUL_TILE_##r##x##c] = {r, c}
    TILE(8, 8),     TILE(8, 16),    TILE(16, 8),   TILE(8, 32),   TILE(16, 16),   TILE(32, 8),
    TILE(8, 64),    TILE(16, 32),   TILE(32, 16),  TILE(64, 8),   TILE(32, 32),   TILE(32, 64),
    TILE(64, 32),   TILE(32, 128),  TILE(64, 64),  TILE(128, 32), TILE(64, 128),  TILE(128, 64),
    TILE(64, 256),  TILE(128, 128), TILE(256, 64), TILE(64, 512), TILE(128, 256), TILE(256, 128),
    TILE(512, 64),  TILE(64, 96),   TILE(96, 64),  TILE(96, 128), TILE(128, 160), TILE(160, 128),
    TILE(192, 128), TILE(128, 192), TILE(128, 96),
#undef TILE
};

static void add(char *to, size_t n, const char *format, ...)
{
    const size_t length = strlen(to);
    va_list values;

    va_start(values, format);
    vsnprintf(to + length, n - length, format, values);
    va_end(values);
}

void lt_algo_text(const struct lt_config *c, char *to, size_t n)
{
    const int known = c->tile > 0 && c->tile < (int)(sizeof tiles / sizeof *tiles);

    snprintf(to, n, "algo %d", c->id);
    if (known && tiles[c->tile].rows) /* its rows are our columns */
        add(to, n, " %dx%d", tiles[c->tile].cols, tiles[c->tile].rows);
    else if (c->tile > 0) add(to, n, " tile %d", c->tile);
    if (c->stages > 0) add(to, n, " stages %d", c->stages);
    if (c->splitk > 1) add(to, n, " splitk %d reduction %d", c->splitk, c->reduction);
    if (c->cluster > 0) add(to, n, " cluster %d", c->cluster);
    if (c->inner > 0) add(to, n, " inner %d", c->inner);
    if (c->custom > 0) add(to, n, " custom %d", c->custom);
}

static int attribute(const cublasLtMatmulAlgo_t *algo, cublasLtMatmulAlgoConfigAttributes_t which)
{
    int32_t value = -1;
    size_t wrote;

    if (cublasLtMatmulAlgoConfigGetAttribute(algo, which, &value, sizeof value, &wrote)) return -1;
    return value;
}
static int short_attribute(const cublasLtMatmulAlgo_t *algo,
                           cublasLtMatmulAlgoConfigAttributes_t which)
{
    uint16_t value;
    size_t wrote;

    if (cublasLtMatmulAlgoConfigGetAttribute(algo, which, &value, sizeof value, &wrote)) return -1;
    return value;
}

static struct lt_config config_of(const cublasLtMatmulAlgo_t *algo)
{
    return (struct lt_config){
        .id = attribute(algo, CUBLASLT_ALGO_CONFIG_ID),
        .tile = attribute(algo, CUBLASLT_ALGO_CONFIG_TILE_ID),
        .stages = attribute(algo, CUBLASLT_ALGO_CONFIG_STAGES_ID),
        .splitk = attribute(algo, CUBLASLT_ALGO_CONFIG_SPLITK_NUM),
        .reduction = attribute(algo, CUBLASLT_ALGO_CONFIG_REDUCTION_SCHEME),
        .custom = attribute(algo, CUBLASLT_ALGO_CONFIG_CUSTOM_OPTION),
        .inner = short_attribute(algo, CUBLASLT_ALGO_CONFIG_INNER_SHAPE_ID),
        .cluster = short_attribute(algo, CUBLASLT_ALGO_CONFIG_CLUSTER_SHAPE_ID),
    };
}

/* ---- the plan ---- */

static const char *layout(cublasLtMatrixLayout_t *to, const struct lt_matrix *m, cudaDataType_t t)
{
    CHECK_CUBLAS(cublasLtMatrixLayoutCreate(to, t, m->rows, m->cols, m->ld));
    return NULL;
}

static const char *describe_to_library(struct lt_state *s, const struct lt_description *d)
{
    CHECK_CUBLAS(cublasLtMatmulDescCreate(&s->operation, d->compute, d->scale));
    CHECK_CUBLAS(cublasLtMatmulDescSetAttribute(s->operation, CUBLASLT_MATMUL_DESC_TRANSA, &d->a.op,
                                                sizeof d->a.op));
    CHECK_CUBLAS(cublasLtMatmulDescSetAttribute(s->operation, CUBLASLT_MATMUL_DESC_TRANSB, &d->b.op,
                                                sizeof d->b.op));
    TRY(layout(&s->a, &d->a, d->stored));
    TRY(layout(&s->b, &d->b, d->stored));
    return layout(&s->c, &d->c, d->stored);
}

static const char *ask(struct lt_state *s, cublasLtMatmulPreference_t preference, uint32_t schemes,
                       int wanted, uint64_t workspace_bytes)
{
    CHECK_CUBLAS(cublasLtMatmulPreferenceSetAttribute(preference,
                                                      CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
                                                      &workspace_bytes, sizeof workspace_bytes));
    CHECK_CUBLAS(cublasLtMatmulPreferenceSetAttribute(
        preference, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, &schemes, sizeof schemes));
    CHECK_CUBLAS(cublasLtMatmulAlgoGetHeuristic(handle, s->operation, s->a, s->b, s->c, s->c,
                                                preference, wanted, s->found, &s->count));
    int good = 0;
    for (int i = 0; i < s->count; i++)
        if (s->found[i].state == CUBLAS_STATUS_SUCCESS) s->found[good++] = s->found[i];
    s->count = good;
    return good ? NULL : "cublasLt proposes no algorithm for this problem";
}

const char *lt_make(struct plan *plan, int wanted, size_t workspace_bytes)
{
    const struct lt_description d = lt_describe(plan->problem);
    cublasLtMatmulPreference_t preference;
    struct lt_state *s = calloc(1, sizeof *s);

    if (!s) return "oom: host memory for the plan";
    plan->state = s;
    if (!handle) {
        cublasLtHandle_t made;
        CHECK_CUBLAS(cublasLtCreate(&made));
        handle = made;
    }
    TRY(describe_to_library(s, &d));
    CHECK_CUBLAS(cublasLtMatmulPreferenceCreate(&preference));
    const char *failed =
        ask(s, preference, d.reductions, wanted < LT_MOST ? wanted : LT_MOST, workspace_bytes);
    cublasLtMatmulPreferenceDestroy(preference);
    return failed;
}

void lt_cleanup(struct plan *plan)
{
    struct lt_state *s = plan->state;

    if (!s) return;
    if (s->c) cublasLtMatrixLayoutDestroy(s->c);
    if (s->b) cublasLtMatrixLayoutDestroy(s->b);
    if (s->a) cublasLtMatrixLayoutDestroy(s->a);
    if (s->operation) cublasLtMatmulDescDestroy(s->operation);
    free(s);
    plan->state = NULL;
}

int lt_count(const struct plan *plan) { return ((const struct lt_state *)plan->state)->count; }

const char *lt_use(struct plan *plan, int i)
{
    struct lt_state *s = plan->state;
    const struct lt_config config = config_of(&s->found[i].algo);

    s->used = i;
    plan->workspace_bytes = s->found[i].workspaceSize;
    lt_algo_text(&config, plan->algo, sizeof plan->algo);
    return NULL;
}

const char *lt_run(const struct plan *plan, const struct operands *o, struct CUstream_st *stream)
{
    const struct lt_state *s = plan->state;
    const struct gemm *g = &plan->problem->gemm;
    double alpha_at, beta_at;
    const void *alpha = cublas_scalar(plan->problem->precision, g->alpha, &alpha_at);
    const void *beta = cublas_scalar(plan->problem->precision, g->beta, &beta_at);

    CHECK_CUBLAS(cublasLtMatmul(handle, s->operation, alpha, o->in[1], s->a, o->in[0], s->b, beta,
                                o->out, s->c, o->out, s->c, &s->found[s->used].algo, o->workspace,
                                plan->workspace_bytes, stream));
    return NULL;
}
