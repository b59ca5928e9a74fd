/* judge.c: see judge.h. Which outputs are sampled depends on seed and shape alone. */
#include "data/judge.h"
#include <stdlib.h>
#include "fail.h"

enum { TILE = 32, LINE = 1024, ENDS = 8192, SAMPLE_STREAM = 99 };

struct list {
    long *at;
    long count, room;
};

static const char *list_add(struct list *l, long index)
{
    if (l->count == l->room) {
        l->room = l->room ? 2 * l->room : 4096;
        long *more = realloc(l->at, (size_t)l->room * sizeof *more);
        if (!more) return "oom: host memory for the sample";
        l->at = more;
    }
    l->at[l->count++] = index;
    return NULL;
}

static long draw(uint64_t seed, long tile, long below)
{
    return (long)(generate_bits(seed, 0, SAMPLE_STREAM, (uint64_t)tile) % (uint64_t)below);
}

static long min(long a, long b) { return a < b ? a : b; }

/* One row of outputs: a random one of every LINE, and both ends. */
static const char *sample_line(struct list *l, long count, uint64_t seed)
{
    for (long i = 0; i < min(ENDS, count); i++) TRY(list_add(l, i));
    for (long i = ENDS; i < count - ENDS; i += LINE)
        TRY(list_add(l, i + draw(seed, i / LINE, min(LINE, count - ENDS - i))));
    for (long i = count - min(ENDS, count - min(ENDS, count)); i < count; i++) TRY(list_add(l, i));
    return NULL;
}

static const char *sample_tiles(struct list *l, long rows, long cols, uint64_t seed)
{
    for (long i = 0, tile = 0; i < rows; i += TILE)
        for (long j = 0; j < cols; j += TILE, tile++) {
            const long h = min(TILE, rows - i), w = min(TILE, cols - j),
                       at = draw(seed, tile, h * w);
            TRY(list_add(l, (i + at / w) * cols + j + at % w));
        }
    for (long j = 0; j < cols; j++) {
        TRY(list_add(l, j));
        TRY(list_add(l, (rows - 1) * cols + j));
    }
    for (long i = 0; i < rows; i++) {
        TRY(list_add(l, i * cols));
        TRY(list_add(l, i * cols + cols - 1));
    }
    for (long i = rows > TILE ? rows - TILE : 0; i < rows; i++)
        for (long j = cols > TILE ? cols - TILE : 0; j < cols; j++) TRY(list_add(l, i * cols + j));
    return NULL;
}

static const char *judge_now(struct judge *j, double budget)
{
    struct sets *s = j->sets;
    const struct place_ops *ops = s->ops;
    const struct problem *p = s->problem;
    struct list l = {0};
    void *before, *place;
    const char *why = NULL;

    j->outputs = s->out.rows * s->out.cols;
    j->checked = j->outputs;
    if ((double)j->outputs * p->op->work(p) > budget) {
        why = s->out.rows == 1 ? sample_line(&l, s->out.cols, s->fill.seed)
                               : sample_tiles(&l, s->out.rows, s->out.cols, s->fill.seed);
        if (!why) why = ops->allocate(&place, (size_t)l.count * sizeof *l.at);
        if (!why) {
            j->index = place;
            j->checked = l.count;
            why = ops->from_host(j->index, l.at, (size_t)l.count * sizeof *l.at);
        }
        free(l.at);
        TRY(why);
    }
    TRY(ops->allocate(&place, (size_t)j->checked * sizeof *j->y));
    j->y = place;
    TRY(ops->allocate(&place, (size_t)j->checked * sizeof *j->s));
    j->s = place;
    TRY(sets_before(s, j->set, &before));
    TRY(ops->oracle(p, &s->set[j->set], before, j->index, 0, j->checked, j->y, j->s));
    if (j->index && j->bitwise) TRY(freivalds_open(&j->all, s, j->set));
    return ops->synchronize();
}

const char *judge_open(struct judge *j, struct sets *sets, int set, double budget)
{
    struct exact_data d;

    *j = (struct judge){.sets = sets, .set = set};
    j->bitwise = sets->fill.kind == DATA_EXACT && sets->problem->op->exact(sets->problem, 0, &d);
    const char *why = judge_now(j, budget);
    if (why) judge_close(j);
    return why;
}

void judge_close(struct judge *j)
{
    if (j->index) j->sets->ops->release(j->index);
    if (j->y) j->sets->ops->release(j->y);
    if (j->s) j->sets->ops->release(j->s);
    freivalds_close(&j->all, j->sets->ops);
    j->index = NULL;
    j->y = NULL;
    j->s = NULL;
}

const char *judge_check(const struct judge *j, double slack, struct agreement *a, const char **flag)
{
    const struct problem *p = j->sets->problem;
    /* an algorithm with slack (Winograd, FFT) is exact only to rounding: the bound judges it */
    const struct agree_rule r =
        agree_rule(p->precision, p->op->reduction(p), slack, j->bitwise && slack <= 1);

    agree_clear(a);
    *flag = "WRONG";
    TRY(j->sets->ops->agree(&r, &j->sets->out, j->sets->set[j->set].out, j->index, 0, j->checked,
                            j->y, j->s, a));
    TRY(agree_verdict(a, &r, p->precision, j->sets->out.cols, flag));
    return r.bitwise ? freivalds_check(&j->all, j->sets, j->set, &r, a, flag) : NULL;
}
