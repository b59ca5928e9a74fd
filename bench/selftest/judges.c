/* judges.c: the truth that every row is held against: the oracles against sums written down once
 * more, the device's data and judges against the host's, and the statistics against probability. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "data/judge.h"
#include "fail.h"
#include "selftest/proof.h"

enum { SEED = 5 };

/* ---- the oracle of the host ---- */

static long double gemm_sum(const struct problem *p, const struct operands *o, const void *before,
                            long i, long j)
{
    const struct gemm *g = &p->gemm;
    const enum storage type = storage_of(p->precision);
    long double sum = 0;

    for (long q = 0; q < g->k; q++)
        sum +=
            (long double)number_load(type, o->in[0], g->trans_a ? q * g->lda + i : i * g->lda + q) *
            (long double)number_load(type, o->in[1], g->trans_b ? j * g->ldb + q : q * g->ldb + j);
    sum *= (long double)g->alpha;
    if (g->beta != 0)
        sum += (long double)g->beta * (long double)number_load(type, before, i * g->ldc + j);
    return sum;
}

/* Where element (n, c, h, w) of a tensor with C channels and H x W pixels lies. */
static long image_at(int nhwc, long n, long c, long h, long w, long C, long H, long W)
{
    return nhwc ? ((n * H + h) * W + w) * C + c : ((n * C + c) * H + h) * W + w;
}

static long double conv_sum(const struct problem *p, const struct operands *o, long index)
{
    const struct conv2d *v = &p->conv2d;
    const enum storage type = storage_of(p->precision);
    const long C = v->c / v->groups, pixels = v->p * v->q;
    const long in_image = index % (v->k * pixels), n = index / (v->k * pixels);
    const long k = v->nhwc ? in_image % v->k : in_image / pixels,
               pixel = v->nhwc ? in_image / v->k : in_image % pixels,
               group = k / (v->k / v->groups);
    long double sum = 0;

    for (long r = 0; r < v->r; r++)
        for (long s = 0; s < v->s; s++) {
            const long h = pixel / v->q * v->stride_h - v->pad_h + r * v->dil_h,
                       w = pixel % v->q * v->stride_w - v->pad_w + s * v->dil_w;
            if (h < 0 || h >= v->h || w < 0 || w >= v->w) continue;
            for (long c = 0; c < C; c++)
                sum += (long double)number_load(
                           type, o->in[0],
                           image_at(v->nhwc, n, group * C + c, h, w, v->c, v->h, v->w)) *
                       (long double)number_load(type, o->in[1],
                                                image_at(v->nhwc, k, c, r, s, C, v->r, v->s));
        }
    return sum;
}

/* y[count] of the oracle against the direct sums. */
static const char *compare_direct(const struct sets *s, const void *before, const double *y,
                                  const double *size, long count)
{
    const struct problem *p = s->problem;
    const int gemm = !strcmp(p->op->name, "gemm");

    for (long i = 0; i < count; i++) {
        const long double truth =
            gemm ? gemm_sum(p, &s->set[0], before, i / s->out.cols, i % s->out.cols)
                 : conv_sum(p, &s->set[0], i);
        const long double slack = s->fill.kind == DATA_EXACT ? 0 : 0x1p-48L * (long double)size[i];
        if (!(fabsl((long double)y[i] - truth) <= slack))
            return fail_text("%s: output %ld is %.17g, the sum %.17g", p->text, i, y[i],
                             (double)truth);
    }
    return NULL;
}

const char *oracle_direct(const struct problem *p, enum data_kind kind)
{
    struct sets s;
    void *before;

    TRY(sets_open(&s, &place_host, p, 1, kind, SEED));
    const long count = s.out.rows * s.out.cols;
    double *y = calloc((size_t)count, sizeof *y), *size = calloc((size_t)count, sizeof *size);
    const char *why = y && size ? sets_before(&s, 0, &before) : "oom: host memory for a judge";
    if (!why) {
        p->op->oracle(p, &s.set[0], before, NULL, 0, count, y, size);
        why = compare_direct(&s, before, y, size, count);
    }
    free(y);
    free(size);
    sets_close(&s);
    return why;
}

/* ---- two places ---- */

static const char *same_inputs(const struct sets *a, const struct sets *b)
{
    for (int i = 0; i < a->inputs; i++) {
        const size_t bytes = tensor_bytes(&a->in[i]);
        unsigned char *x = malloc(bytes), *y = malloc(bytes);
        const char *why = x && y ? NULL : "oom: host memory for operands";
        if (!why) why = a->ops->to_host(x, a->set[1].in[i], bytes);
        if (!why) why = b->ops->to_host(y, b->set[1].in[i], bytes);
        if (!why && memcmp(x, y, bytes)) why = fail_text("%s differs in its bits", a->in[i].name);
        free(x);
        free(y);
        TRY(why);
        if (a->hash[1][i] != b->hash[1][i])
            return fail_text("the hash of %s differs", a->in[i].name);
    }
    return NULL;
}

static const char *same_judges(const struct judge *a, const struct judge *b)
{
    const size_t bytes = (size_t)a->checked * sizeof(double);
    double *v[4] = {malloc(bytes), malloc(bytes), malloc(bytes), malloc(bytes)};
    const char *why = v[0] && v[1] && v[2] && v[3] ? NULL : "oom: host memory for a judge";

    if (!why && a->checked != b->checked) why = "the judges look at different outputs";
    if (!why) why = a->sets->ops->to_host(v[0], a->y, bytes);
    if (!why) why = a->sets->ops->to_host(v[1], a->s, bytes);
    if (!why) why = b->sets->ops->to_host(v[2], b->y, bytes);
    if (!why) why = b->sets->ops->to_host(v[3], b->s, bytes);
    for (long i = 0; i < a->checked && !why; i++) {
        const double slack = a->bitwise ? 0 : 0x1p-48 * v[1][i];
        if (!(fabs(v[0][i] - v[2][i]) <= slack && fabs(v[1][i] - v[3][i]) <= slack))
            why = fail_text("the judges differ at %ld: y %.17g %.17g, S %.17g %.17g", i, v[0][i],
                            v[2][i], v[1][i], v[3][i]);
    }
    for (int i = 0; i < 4; i++) free(v[i]);
    return why;
}

const char *same_bits(const struct place_ops *a, const struct place_ops *b, const struct problem *p,
                      enum data_kind kind)
{
    struct sets s = {0}, t = {0};
    struct judge j = {0}, k = {0};

    const char *why = sets_open(&s, a, p, 2, kind, SEED);
    if (!why) why = sets_open(&t, b, p, 2, kind, SEED);
    if (!why) why = same_inputs(&s, &t);
    if (!why) why = judge_open(&j, &s, 1, 1e9);
    if (!why) why = judge_open(&k, &t, 1, 1e9);
    if (!why) why = same_judges(&j, &k);
    if (j.sets) judge_close(&j);
    if (k.sets) judge_close(&k);
    if (s.ops) sets_close(&s);
    if (t.ops) sets_close(&t);
    return why ? fail_text("%s: %s", p->text, why) : NULL;
}

/* ---- statistics ---- */

long coverage_count(int n, long trials)
{
    const double median = log(2); /* of -ln U: skewed, as times are */
    double x[STATS_MAX];
    long held = 0;

    for (long i = 0; i < trials; i++) {
        for (int k = 0; k < n; k++)
            x[k] = -log(
                ((double)(generate_bits(SEED, (unsigned)n, 7, (uint64_t)(i * n + k)) >> 11) + 0.5) *
                0x1p-53);
        const struct stats s = stats_of(x, n);
        held += s.ci_lo <= median && median <= s.ci_hi;
    }
    return held;
}
