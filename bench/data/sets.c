/* sets.c: see sets.h. */
#include "data/sets.h"
#include <stdlib.h>
#include "fail.h"

static int reads_out(const struct problem *p) { return p->op->reads_out && p->op->reads_out(p); }

static double padded(const struct tensor *t)
{
    return ((double)(t->rows - 1) * (double)t->ld + (double)t->cols) * storage_size(t->storage) +
           2.0 * GUARD_BYTES + 256;
}

double sets_bytes(const struct problem *p)
{
    struct tensor in[MAX_INPUTS], out;
    const int inputs = p->op->tensors(p, in, &out);
    double sum = padded(&out);

    for (int i = 0; i < inputs; i++) sum += padded(&in[i]);
    return sum;
}

/* Bytes between the guards: rounded up so that the guard behind starts where the data end, at most
 * 255 bytes later; the rest is 0xFF too and counts as guard. */
static size_t span(const struct tensor *t) { return (tensor_bytes(t) + 255) / 256 * 256; }

/* Data and guards full of 0xFF. */
static const char *poison(const struct place_ops *ops, const struct tensor *t, void *data)
{
    return ops->set_bytes((char *)data - GUARD_BYTES, 0xFF, span(t) + 2 * GUARD_BYTES);
}

static const char *buffer_open(const struct place_ops *ops, const struct tensor *t, void **data)
{
    void *base;

    TRY(ops->allocate(&base, span(t) + 2 * GUARD_BYTES));
    *data = (char *)base + GUARD_BYTES;
    return poison(ops, t, *data);
}

static void buffer_close(const struct place_ops *ops, const void *data)
{
    if (data) ops->release((char *)data - GUARD_BYTES);
}

/* The rule for input i, or for out before the call when i == inputs. */
static struct fill rule(const struct sets *s, int set, int i)
{
    struct fill f = s->fill;

    f.set = (unsigned)set;
    f.tensor = (unsigned)i;
    if (f.kind == DATA_EXACT) s->problem->op->exact(s->problem, i, &f.exact);
    return f;
}

static const char *open_one(struct sets *s, int i)
{
    void *p;

    for (int j = 0; j < s->inputs; j++) {
        TRY(buffer_open(s->ops, &s->in[j], &p));
        s->set[i].in[j] = p;
        const struct fill f = rule(s, i, j);
        TRY(s->ops->fill(p, &s->in[j], &f));
        TRY(s->ops->hash(p, tensor_bytes(&s->in[j]), &s->hash[i][j]));
    }
    TRY(buffer_open(s->ops, &s->out, &p));
    s->set[i].out = p;
    return sets_reset_out(s, i);
}

const char *sets_open(struct sets *s, const struct place_ops *ops, const struct problem *p,
                      int count, enum data_kind kind, uint64_t seed)
{
    const char *why = NULL;

    *s = (struct sets){
        .ops = ops, .problem = p, .count = count, .fill = {.kind = kind, .seed = seed}};
    s->inputs = p->op->tensors(p, s->in, &s->out);
    s->set = calloc((size_t)count, sizeof *s->set);
    s->hash = calloc((size_t)count, sizeof *s->hash);
    if (!s->set || !s->hash) why = "oom: host memory for the sets";
    if (!why && reads_out(p)) why = buffer_open(ops, &s->out, &s->before);
    for (int i = 0; i < count && !why; i++) why = open_one(s, i);
    if (!why) why = ops->synchronize();
    if (why) sets_close(s);
    return why;
}

void sets_close(struct sets *s)
{
    for (int i = 0; s->set && i < s->count; i++) {
        for (int j = 0; j < s->inputs; j++) buffer_close(s->ops, s->set[i].in[j]);
        buffer_close(s->ops, s->set[i].out);
    }
    buffer_close(s->ops, s->before);
    free(s->set);
    free(s->hash);
    s->set = NULL;
    s->hash = NULL;
    s->before = NULL;
}

const char *sets_reset_out(struct sets *s, int i)
{
    TRY(poison(s->ops, &s->out, s->set[i].out));
    if (!reads_out(s->problem)) return NULL;
    const struct fill f = rule(s, i, s->inputs);
    return s->ops->fill(s->set[i].out, &s->out, &f);
}

const char *sets_before(struct sets *s, int i, void **before)
{
    *before = s->before;
    if (!s->before) return NULL;
    const struct fill f = rule(s, i, s->inputs);
    return s->ops->fill(s->before, &s->out, &f);
}

static void buffer_fence(const struct place_ops *ops, const struct tensor *t, const void *data,
                         int closed)
{
    const size_t bytes = tensor_bytes(t), size = (size_t)storage_size(t->storage);
    const char *p = data;

    ops->fence(p - GUARD_BYTES, GUARD_BYTES, "before", t->name, closed);
    ops->fence(p + bytes, span(t) - bytes + GUARD_BYTES, "behind", t->name, closed);
    for (long row = 0; row + 1 < t->rows && t->ld != t->cols; row++)
        ops->fence(p + (size_t)(row * t->ld + t->cols) * size, (size_t)(t->ld - t->cols) * size,
                   "between the rows of", t->name, closed);
}

void sets_fence(struct sets *s, int i, int closed)
{
    if (!s->ops->fence) return;
    for (int j = 0; j < s->inputs; j++) buffer_fence(s->ops, &s->in[j], s->set[i].in[j], closed);
    buffer_fence(s->ops, &s->out, s->set[i].out, closed);
}

/* The guards of one buffer and what lies between its rows. */
static const char *around(const struct place_ops *ops, const struct tensor *t, const void *data)
{
    const size_t bytes = tensor_bytes(t);
    long front = 0, back = 0, gaps = 0;

    TRY(ops->count_written((const char *)data - GUARD_BYTES, GUARD_BYTES, NULL, &front));
    TRY(ops->count_written((const char *)data + bytes, span(t) - bytes + GUARD_BYTES, NULL, &back));
    if (t->ld != t->cols) TRY(ops->count_written(data, bytes, t, &gaps));
    if (front) return fail_text("guard: %ld bytes before %s were written", front, t->name);
    if (back) return fail_text("guard: %ld bytes behind %s were written", back, t->name);
    if (gaps)
        return fail_text("guard: %ld bytes between the rows of %s were written", gaps, t->name);
    return NULL;
}

const char *sets_untouched(struct sets *s, int i)
{
    for (int j = 0; j < s->inputs; j++) {
        uint64_t now;
        TRY(s->ops->hash(s->set[i].in[j], tensor_bytes(&s->in[j]), &now));
        if (now != s->hash[i][j]) return fail_text("input changed: %s", s->in[j].name);
        TRY(around(s->ops, &s->in[j], s->set[i].in[j]));
    }
    return around(s->ops, &s->out, s->set[i].out);
}

const char *sets_restore(struct sets *s)
{
    for (int i = 0; i < s->count; i++) {
        for (int j = 0; j < s->inputs; j++) {
            void *in = (void *)(size_t)s->set[i].in[j];
            const struct fill f = rule(s, i, j);
            TRY(poison(s->ops, &s->in[j], in));
            TRY(s->ops->fill(in, &s->in[j], &f));
        }
        TRY(sets_reset_out(s, i));
    }
    return s->ops->synchronize();
}
