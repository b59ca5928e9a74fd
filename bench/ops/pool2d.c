/* pool2d: the largest or the average value of windows of r x s over each plane.
 *
 *   pool2d <precision> <nchw|nhwc> <max|avg_incl|avg_excl> <n>x<c>x<h>x<w> <r>x<s> [stride1] [pad0]
 *
 * p = (h + 2 pad - r) / stride + 1, q likewise. No FLOPs: judged by bytes, x and y once.
 *
 * No window is empty, because pad < r: the last one starts at (p - 1) stride - pad <= (h + 2 pad -
 * r) - pad = h + pad - r < h, the first one ends at r - pad > 0, and those between start and end
 * between. Data are finite: what an impl does with NaN is not part of the contract. */
#include <stdio.h>
#include <string.h>
#include "ops/text.h"
#include "ops/windows.h"
#include "number.h"
#include "reference/oracle.h"

#define DEF "ops/pool2d.def"
#include "ops/impls.inc"

static const char *const kinds[] = {
    [POOL_MAX] = "max", [POOL_AVG_INCL] = "avg_incl", [POOL_AVG_EXCL] = "avg_excl"};

static const double MOST_ELEMENTS = 0x1p48; /* of a tensor: bytes and indices stay far from 2^63 */

/* The next word, which must be there. */
static int expect(const char **text, char *word, size_t size, const char *what, char *why, size_t n)
{
    const int got = text_word(text, word, size);

    if (got == 1) return 0;
    snprintf(why, n, got ? "%s is too long: '%s...'" : "%s is missing", what, word);
    return -1;
}

static int parse_layout(struct problem *p, const char *word, char *why, size_t n)
{
    if (strcmp(word, "nchw") && strcmp(word, "nhwc")) {
        snprintf(why, n, "unknown layout '%s'; layouts: nchw nhwc", word);
        return -1;
    }
    snprintf(p->layout, sizeof p->layout, "%.4s", word);
    p->pool2d.nhwc = !strcmp(word, "nhwc");
    return 0;
}

static int parse_kind(struct problem *p, const char *word, char *why, size_t n)
{
    for (int i = 0; i < (int)(sizeof kinds / sizeof kinds[0]); i++)
        if (!strcmp(word, kinds[i])) {
            p->pool2d.kind = (enum pool_kind)i;
            return 0;
        }
    snprintf(why, n, "unknown kind '%s'; kinds: max avg_incl avg_excl", word);
    return -1;
}

/* stride<v> or pad<v>, each once */
static int parse_options(const char *text, long stride[2], long pad[2], char *why, size_t n)
{
    struct {
        const char *name;
        long least, *pair;
        int seen;
    } known[] = {{"stride", 1, stride, 0}, {"pad", 0, pad, 0}};
    char word[64];

    for (int got; (got = text_word(&text, word, sizeof word)) != 0;) {
        size_t i = 0;
        if (got < 0) {
            snprintf(why, n, "a word is too long: '%s...'", word);
            return -1;
        }
        while (i < 2 && strncmp(word, known[i].name, strlen(known[i].name))) i++;
        if (i == 2) {
            snprintf(why, n, "unknown option '%s'; options: stride<v> pad<v>, v is a or axb", word);
            return -1;
        }
        if (known[i].seen++) {
            snprintf(why, n, "%s is given twice", known[i].name);
            return -1;
        }
        if (text_pair(word + strlen(known[i].name), known[i].name, known[i].least, known[i].pair,
                      why, n))
            return -1;
    }
    return 0;
}

/* The count of windows along one axis, or -1. */
static long windows(const char *axis, const char *extent_name, long extent, long window,
                    long stride, long pad, char *why, size_t n)
{
    if (pad >= window) {
        snprintf(why, n, "pad is %ld, the window's %s is %ld: a pad must be less than the window",
                 pad, axis, window);
        return -1;
    }
    if (extent + 2 * pad < window) {
        snprintf(why, n, "the output is empty: %s + 2 pad is %ld, less than the window's %s %ld",
                 extent_name, extent + 2 * pad, axis, window);
        return -1;
    }
    return (extent + 2 * pad - window) / stride + 1;
}

static int fits(const char *name, long n, long c, long h, long w, char *why, size_t size)
{
    if ((double)n * (double)c * (double)h * (double)w <= MOST_ELEMENTS) return 0;
    snprintf(why, size, "%s would have %ldx%ldx%ldx%ld elements; at most 2^48 are possible", name,
             n, c, h, w);
    return -1;
}

static size_t canonical_pair(char *to, size_t n, const char *name, long v, long h)
{
    if (v == h) return (size_t)snprintf(to, n, " %s%ld", name, v);
    return (size_t)snprintf(to, n, " %s%ldx%ld", name, v, h);
}

static void canonical(struct problem *p)
{
    const struct pool2d *g = &p->pool2d;
    const size_t n = sizeof p->shape;

    size_t len = (size_t)snprintf(p->shape, n, "%s %ldx%ldx%ldx%ld %ldx%ld", kinds[g->kind], g->n,
                                  g->c, g->h, g->w, g->r, g->s);
    if (g->stride_h != 1 || g->stride_w != 1)
        len += canonical_pair(p->shape + len, n - len, "stride", g->stride_h, g->stride_w);
    if (g->pad_h || g->pad_w) canonical_pair(p->shape + len, n - len, "pad", g->pad_h, g->pad_w);
}

static int parse(struct problem *p, const char *text, char *why, size_t n)
{
    struct pool2d *g = &p->pool2d;
    char word[64];
    long nchw[4], window[2], stride[2] = {1, 1}, pad[2] = {0, 0};

    *g = (struct pool2d){0};
    if (expect(&text, word, sizeof word, "layout (nchw or nhwc)", why, n) ||
        parse_layout(p, word, why, n) ||
        expect(&text, word, sizeof word, "kind (max, avg_incl or avg_excl)", why, n) ||
        parse_kind(p, word, why, n) ||
        expect(&text, word, sizeof word, "shape <n>x<c>x<h>x<w>", why, n) ||
        text_extents(word, 4, "n c h w", nchw, why, n) ||
        expect(&text, word, sizeof word, "window <r>x<s>", why, n) ||
        text_extents(word, 2, "r s", window, why, n) || parse_options(text, stride, pad, why, n))
        return -1;
    g->n = nchw[0], g->c = nchw[1], g->h = nchw[2], g->w = nchw[3];
    g->r = window[0], g->s = window[1];
    g->stride_h = stride[0], g->stride_w = stride[1];
    g->pad_h = pad[0], g->pad_w = pad[1];
    g->p = windows("r", "h", g->h, g->r, g->stride_h, g->pad_h, why, n);
    if (g->p < 0) return -1;
    g->q = windows("s", "w", g->w, g->s, g->stride_w, g->pad_w, why, n);
    if (g->q < 0) return -1;
    if (fits("x", g->n, g->c, g->h, g->w, why, n) || fits("y", g->n, g->c, g->p, g->q, why, n))
        return -1;
    canonical(p);
    return 0;
}

static double flops(const struct problem *p)
{
    (void)p;
    return 0;
}

static long elements_x(const struct pool2d *g) { return g->n * g->c * g->h * g->w; }
static long elements_y(const struct pool2d *g) { return g->n * g->c * g->p * g->q; }

static double bytes(const struct problem *p)
{
    return ((double)elements_x(&p->pool2d) + (double)elements_y(&p->pool2d)) *
           storage_size(storage_of(p->precision));
}

static void least(const struct problem *p, int direct, double *flops, double *bytes)
{
    const struct pool2d *g = &p->pool2d;
    const struct windows h = {g->h, g->p, g->r, g->stride_h, g->pad_h, 1},
                         w = {g->w, g->q, g->s, g->stride_w, g->pad_w, 1};
    const double x = (double)g->n * (double)g->c * windows_touched(&h) * windows_touched(&w);

    (void)direct;
    *flops = 0;
    *bytes = (x + (double)elements_y(g)) * storage_size(storage_of(p->precision));
}

static int tensors(const struct problem *p, struct tensor in[MAX_INPUTS], struct tensor *out)
{
    const enum storage s = storage_of(p->precision);
    const long x = elements_x(&p->pool2d), y = elements_y(&p->pool2d);

    in[0] = (struct tensor){"x", s, 1, x, x};
    *out = (struct tensor){"y", s, 1, y, y};
    return 1;
}

static double work(const struct problem *p) { return (double)p->pool2d.r * (double)p->pool2d.s; }
static double reduction(const struct problem *p)
{
    return p->pool2d.kind == POOL_MAX ? 1 : work(p);
}

/* max rounds nothing: it must match on any data. An average rounds once where its divisor is no
 * power of two, and the bound decides; the data are thinned so that a tap dropped or counted twice
 * moves a sum of about 8 terms, not of r s. Where every divisor is the same power of two, sums of
 * few ones stay within the integers that the output holds, and the quotient is exact: f16 keeps
 * multiples of 2^-24. */
static int exact(const struct problem *p, int input, struct exact_data *d)
{
    const struct pool2d *g = &p->pool2d;
    const double taps = work(p);
    const int narrow = p->precision == F16 || p->precision == BF16;
    const int same_divisor = g->kind == POOL_AVG_INCL || (!g->pad_h && !g->pad_w);
    const int power = !(g->r & (g->r - 1)) && !(g->s & (g->s - 1)) && taps <= 0x1p20;

    (void)input;
    *d = (struct exact_data){.amplitude = 4, .density = 1, .scale = 1};
    if (g->kind == POOL_MAX) return 1;
    if (taps > 8) d->density = 8 / taps;
    if (!same_divisor || !power) return 0;
    if (narrow) d->amplitude = 1;
    return 1;
}

const struct op op_pool2d = {
    .name = "pool2d",
    .summary = "largest or average value of windows over each plane",
    .form = "pool2d <precision> <nchw|nhwc> <max|avg_incl|avg_excl> <n>x<c>x<h>x<w> <r>x<s> "
            "[stride<v>] [pad<v>]",
    .parse = parse,
    .flops = flops,
    .bytes = bytes,
    .least = least,
    .tensors = tensors,
    .reads_out = NULL,
    .reduction = reduction,
    .work = work,
    .exact = exact,
    .oracle = oracle_pool2d,
    .oracle_device = ORACLE_DEVICE(oracle_pool2d_device),
    .impls = impls,
};
