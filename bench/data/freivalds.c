/* freivalds.c: see freivalds.h. */
#include "data/freivalds.h"
#include <stdio.h>
#include <stdlib.h>
#include "fail.h"

enum { SIGNS_STREAM = 98, CHUNK = 1 << 20 };
/* Sums of more elements could leave what an f32 holds. */
static const long LENGTH_MAX = 1 << 22;

/* What only the opening needs. */
struct folding {
    struct problem problem;
    struct fold_axis axis[MAX_OPERANDS];
    struct operands o;
    void *part[MAX_OPERANDS]; /* folded, where the axis runs through the operand */
    double *size;             /* S of CHUNK outputs: nobody asks for it */
};

static long lines(const struct fold_axis *x) { return x->outer * x->inner; }

/* Why it is not done, or NULL. length: of the folded axis. */
static const char *why_not(const struct sets *s, struct folding *g, long length)
{
    const struct fold_axis *out = &g->axis[MAX_INPUTS];

    if (!s->problem->op->fold)
        return fail_text("%s is not linear in one operand", s->problem->op->name);
    s->problem->op->fold(s->problem, length, &g->problem, g->axis);
    if (out->length < 2 * length || out->length > LENGTH_MAX)
        return fail_text("the longest axis is %ld, only %ld to %ld are folded", out->length,
                         2 * length, LENGTH_MAX);
    double bytes = (double)lines(out) * (double)length * sizeof(double) + CHUNK * sizeof(double);
    for (int i = 0; i < MAX_OPERANDS; i++)
        bytes += g->axis[i].length ? (double)lines(&g->axis[i]) * (double)length * 8 : 0;
    if (bytes > s->ops->free_bytes() / 4)
        return fail_text("needs %.2f GiB, a quarter of the memory is less", bytes / 0x1p30);
    return NULL;
}

static const char *draw_signs(struct freivalds *f, const struct sets *s, int set)
{
    const size_t bytes = (size_t)f->out.length * sizeof *f->signs;
    uint16_t *x = malloc(bytes);
    void *place = NULL;
    const char *why = x ? s->ops->allocate(&place, bytes) : "oom: host memory for signs";

    f->signs = place;
    for (long j = 0; j < f->out.length && !why; j++)
        x[j] = (uint16_t)generate_bits(s->fill.seed, (unsigned)set, SIGNS_STREAM, (uint64_t)j);
    if (!why) why = s->ops->from_host(f->signs, x, bytes);
    free(x);
    return why;
}

/* Operand i of the folded problem; *lost grows by the sums that its storage type cannot hold. */
static const char *fold_operand(const struct freivalds *f, const struct sets *s, struct folding *g,
                                int i, const void *from, const void **to, long *lost)
{
    const struct fold_axis *x = &g->axis[i];
    const long length = FOLD_COLUMNS * fold_pieces(s->out.storage);
    long more = 0;

    *to = from;
    if (!x->length || !from) return NULL;
    TRY(s->ops->allocate(&g->part[i], (size_t)(lines(x) * length * storage_size(s->out.storage))));
    TRY(s->ops->fold(x, s->out.storage, from, f->signs, g->part[i], &more));
    *to = g->part[i];
    *lost += more;
    return NULL;
}

static const char *solve(struct freivalds *f, struct sets *s, int set, struct folding *g)
{
    const long count = lines(&f->out) * FOLD_COLUMNS * fold_pieces(s->out.storage);
    const void *before_folded;
    void *before, *place;
    long lost = 0;

    TRY(draw_signs(f, s, set));
    for (int i = 0; i < s->inputs; i++)
        TRY(fold_operand(f, s, g, i, s->set[set].in[i], &g->o.in[i], &lost));
    TRY(sets_before(s, set, &before));
    TRY(fold_operand(f, s, g, MAX_INPUTS, before, &before_folded, &lost));
    if (lost) {
        snprintf(f->left_out, sizeof f->left_out, "%ld sums do not fit the storage type", lost);
        return NULL;
    }
    TRY(s->ops->allocate(&place, CHUNK * sizeof(double)));
    g->size = place;
    TRY(s->ops->allocate(&place, (size_t)count * sizeof(double)));
    f->y = place;
    for (long first = 0; first < count; first += CHUNK)
        TRY(s->ops->oracle(&g->problem, &g->o, before_folded, NULL, first,
                           count - first < CHUNK ? count - first : CHUNK, f->y + first, g->size));
    return s->ops->synchronize();
}

const char *freivalds_open(struct freivalds *f, struct sets *s, int set)
{
    struct folding g = {0};
    const char *left_out = why_not(s, &g, FOLD_COLUMNS * fold_pieces(s->out.storage));

    *f = (struct freivalds){.out = g.axis[MAX_INPUTS]};
    if (left_out) {
        snprintf(f->left_out, sizeof f->left_out, "%s", left_out);
        return NULL;
    }
    const char *why = solve(f, s, set, &g);
    for (int i = 0; i < MAX_OPERANDS; i++)
        if (g.part[i]) s->ops->release(g.part[i]);
    if (g.size) s->ops->release(g.size);
    return why;
}

void freivalds_close(struct freivalds *f, const struct place_ops *ops)
{
    if (f->signs) ops->release(f->signs);
    if (f->y) ops->release(f->y);
    f->signs = NULL;
    f->y = NULL;
}

/* All outputs of one line, by the rule of the sampled ones. */
static const char *judge_line(const struct freivalds *f, struct sets *s, int set, long line,
                              const struct agree_rule *r, struct agreement *a)
{
    const long n = f->out.length;
    const size_t bytes = (size_t)n * sizeof(double);
    long *at = malloc((size_t)n * sizeof *at);
    void *index = NULL, *y = NULL, *size = NULL, *before;
    const char *why = at ? s->ops->allocate(&index, (size_t)n * sizeof *at)
                         : "oom: host memory for a line of outputs";

    for (long j = 0; j < n && !why; j++) {
        const long i = fold_start(&f->out, line) + j * f->out.step_j;
        at[j] = i / s->out.ld * s->out.cols + i % s->out.ld;
    }
    if (!why) why = s->ops->from_host(index, at, (size_t)n * sizeof *at);
    if (!why) why = s->ops->allocate(&y, bytes);
    if (!why) why = s->ops->allocate(&size, bytes);
    if (!why) why = sets_before(s, set, &before);
    if (!why) why = s->ops->oracle(s->problem, &s->set[set], before, index, 0, n, y, size);
    agree_clear(a);
    if (!why) why = s->ops->agree(r, &s->out, s->set[set].out, index, 0, n, y, size, a);
    if (!why) why = s->ops->synchronize();
    if (index) s->ops->release(index);
    if (y) s->ops->release(y);
    if (size) s->ops->release(size);
    free(at);
    return why;
}

const char *freivalds_check(const struct freivalds *f, struct sets *s, int set,
                            const struct agree_rule *r, struct agreement *a, const char **flag)
{
    struct agreement line_of_it;
    long line = -1;

    while (f->y) {
        TRY(s->ops->fold_differs(&f->out, s->out.storage, s->set[set].out, f->signs, f->y, line + 1,
                                 &line));
        if (line < 0) break;
        TRY(judge_line(f, s, set, line, r, &line_of_it));
        if (!line_of_it.bad) continue; /* rounded on store, and rightly so */
        agree_add(a, &line_of_it);
        *flag = "WRONG";
        return fail_text(
            "%s: outside of the sample %ld of %ld in a line differ, first (%ld,%ld): %.9g not %.9g "
            "(Freivalds, %d columns)",
            line_of_it.nans ? "nan" : "exact", line_of_it.bad, line_of_it.checked,
            line_of_it.first_bad / s->out.cols, line_of_it.first_bad % s->out.cols,
            line_of_it.first_got, line_of_it.first_want, FOLD_COLUMNS);
    }
    return NULL;
}
