/* conv2d: y = conv(x, w), cross-correlation with symmetric padding, no bias.
 *
 *   conv2d <precision> <nchw|nhwc> <n>x<c>x<h>x<w> k<k> <r>x<s>
 *          [stride<v>] [pad<v>] [dil<v>] [groups<g>]
 *
 * <v> is one number or two joined by x, vertical first; stride and dil are 1, pad 0 and groups 1
 * unless said. p = (h + 2 pad - dil (r - 1) - 1) / stride + 1, q likewise. FLOPs are 2 n k p q
 * (c/groups) r s, taps that fall into the padding included; bytes count x, w and y once. */
#include <stdio.h>
#include <string.h>
#include "ops/fold.h"
#include "ops/text.h"
#include "ops/windows.h"
#include "number.h"
#include "reference/oracle.h"

#define DEF "ops/conv2d.def"
#include "ops/impls.inc"

/* Elements of a tensor: any index into it, and a sum of a few, stays far inside a long. */
static const double ELEMENTS_MAX = 0x1p48;

enum { STRIDE, PAD, DIL, GROUPS, OPTIONS };
static const char *const option_names[OPTIONS] = {"stride", "pad", "dil", "groups"};

/* Reads one option into v[option][0..1] and marks it in *seen. */
static int option(const char *word, long v[OPTIONS][2], unsigned *seen, char *why, size_t n)
{
    for (int i = 0; i < OPTIONS; i++) {
        const char *name = option_names[i];
        const size_t len = strlen(name);
        if (strncmp(word, name, len)) continue;
        if (*seen >> i & 1) {
            snprintf(why, n, "%s is given twice", name);
            return -1;
        }
        *seen |= 1u << i;
        return i == GROUPS ? text_extents(word + len, 1, name, v[i], why, n)
                           : text_pair(word + len, name, i != PAD, v[i], why, n);
    }
    snprintf(why, n, "unknown option '%s'; options: stride<v> pad<v> dil<v> groups<g>", word);
    return -1;
}

/* The next word into word[n], which `expected` describes. */
static int next(const char **text, const char *name, const char *expected, char *word, size_t size,
                char *why, size_t n)
{
    const int got = text_word(text, word, size);

    if (got > 0) return 0;
    if (got < 0) snprintf(why, n, "a word is too long: '%s...'", word);
    else snprintf(why, n, "%s missing; expected %s", name, expected);
    return -1;
}

/* Rows of y from rows of x; also columns. */
static int output(const char *name, const char *from, long extent, long window, long stride,
                  long pad, long dil, long *out, char *why, size_t n)
{
    const long padded = extent + 2 * pad, span = dil * (window - 1) + 1;

    if (padded < span) {
        snprintf(why, n,
                 "y is empty (%s < 1): a window of %ld with dil %ld spans %ld, %s + 2 pad is "
                 "only %ld",
                 name, window, dil, span, from, padded);
        return -1;
    }
    *out = (padded - span) / stride + 1;
    return 0;
}

static double elements_x(const struct conv2d *g)
{
    return (double)g->n * (double)g->c * (double)g->h * (double)g->w;
}
static double depth(const struct conv2d *g)
{
    return (double)(g->c / g->groups) * (double)g->r * (double)g->s;
}
static double elements_w(const struct conv2d *g) { return (double)g->k * depth(g); }
static double elements_y(const struct conv2d *g)
{
    return (double)g->n * (double)g->k * (double)g->p * (double)g->q;
}

static int check(struct conv2d *g, char *why, size_t n)
{
    if (g->c % g->groups || g->k % g->groups) {
        snprintf(why, n, "c %ld and k %ld must be multiples of groups %ld", g->c, g->k, g->groups);
        return -1;
    }
    if (output("p", "h", g->h, g->r, g->stride_h, g->pad_h, g->dil_h, &g->p, why, n) ||
        output("q", "w", g->w, g->s, g->stride_w, g->pad_w, g->dil_w, &g->q, why, n))
        return -1;
    const struct {
        const char *name;
        double elements;
    } all[] = {{"x", elements_x(g)}, {"w", elements_w(g)}, {"y", elements_y(g)}};
    for (int i = 0; i < 3; i++)
        if (all[i].elements > ELEMENTS_MAX) {
            snprintf(why, n, "%s has %.3g elements; at most 2^48", all[i].name, all[i].elements);
            return -1;
        }
    return 0;
}

/* The longest fits: with at most 2^48 elements a tensor, all extents together stay short. */
static void canonical(struct problem *p, long v[OPTIONS][2])
{
    static const long defaults[OPTIONS] = {1, 0, 1, 1};
    const struct conv2d *g = &p->conv2d;
    const size_t n = sizeof p->shape;

    size_t len = (size_t)snprintf(p->shape, n, "%ldx%ldx%ldx%ld k%ld %ldx%ld", g->n, g->c, g->h,
                                  g->w, g->k, g->r, g->s);
    for (int i = 0; i < OPTIONS && len < n; i++) {
        if (v[i][0] == defaults[i] && v[i][1] == defaults[i]) continue;
        len += (size_t)snprintf(p->shape + len, n - len, " %s%ld", option_names[i], v[i][0]);
        if (v[i][0] != v[i][1] && len < n)
            len += (size_t)snprintf(p->shape + len, n - len, "x%ld", v[i][1]);
    }
}

static int parse(struct problem *p, const char *text, char *why, size_t n)
{
    struct conv2d *g = &p->conv2d;
    char word[64];
    long x[4], rs[2], v[OPTIONS][2] = {{1, 1}, {0, 0}, {1, 1}, {1, 1}};
    unsigned seen = 0;

    if (next(&text, "layout is", "nchw or nhwc", word, sizeof word, why, n)) return -1;
    if (strcmp(word, "nchw") && strcmp(word, "nhwc")) {
        snprintf(why, n, "unknown layout '%s'; layouts: nchw nhwc", word);
        return -1;
    }
    snprintf(p->layout, sizeof p->layout, "%.4s", word);
    if (next(&text, "x is", "<n>x<c>x<h>x<w>", word, sizeof word, why, n) ||
        text_extents(word, 4, "n c h w", x, why, n) ||
        next(&text, "k is", "k<k>, such as k64", word, sizeof word, why, n))
        return -1;
    *g = (struct conv2d){
        .nhwc = !strcmp(p->layout, "nhwc"), .n = x[0], .c = x[1], .h = x[2], .w = x[3]};
    if (*word != 'k') {
        snprintf(why, n, "'%s' stands where k<k> is expected, such as k64", word);
        return -1;
    }
    if (text_extents(word + 1, 1, "k", &g->k, why, n) ||
        next(&text, "window is", "<r>x<s>, such as 3x3", word, sizeof word, why, n) ||
        text_extents(word, 2, "r s", rs, why, n))
        return -1;
    for (int got; (got = text_word(&text, word, sizeof word)) != 0;) {
        if (got < 0) {
            snprintf(why, n, "a word is too long: '%s...'", word);
            return -1;
        }
        if (option(word, v, &seen, why, n)) return -1;
    }
    v[GROUPS][1] = v[GROUPS][0];
    g->r = rs[0], g->s = rs[1];
    g->stride_h = v[STRIDE][0], g->stride_w = v[STRIDE][1];
    g->pad_h = v[PAD][0], g->pad_w = v[PAD][1];
    g->dil_h = v[DIL][0], g->dil_w = v[DIL][1];
    g->groups = v[GROUPS][0];
    if (check(g, why, n)) return -1;
    canonical(p, v);
    return 0;
}

static double reduction(const struct problem *p) { return depth(&p->conv2d); }

static double flops(const struct problem *p)
{
    return 2 * elements_y(&p->conv2d) * depth(&p->conv2d);
}

static double bytes(const struct problem *p)
{
    const struct conv2d *g = &p->conv2d;

    return (elements_x(g) + elements_w(g) + elements_y(g)) * storage_size(storage_of(p->precision));
}

/* Winograd and FFT need fewer products than the definition, but not for 1x1. */
static void least(const struct problem *p, int direct, double *flops, double *bytes)
{
    const struct conv2d *g = &p->conv2d;
    const struct windows h = {g->h, g->p, g->r, g->stride_h, g->pad_h, g->dil_h},
                         w = {g->w, g->q, g->s, g->stride_w, g->pad_w, g->dil_w};
    long rows, columns; /* of the filter that ever meet the image */
    const double inside = windows_taps(&h, &rows) * windows_taps(&w, &columns);
    const double x = (double)g->n * (double)g->c * windows_touched(&h) * windows_touched(&w);
    const double filter = elements_w(g) / (double)(g->r * g->s) * (double)(rows * columns);

    *flops = direct || g->r * g->s == 1
                 ? 2 * (double)g->n * (double)g->k * (double)g->c / (double)g->groups * inside
                 : 0;
    *bytes = (x + filter + elements_y(g)) * storage_size(storage_of(p->precision));
}

static int tensors(const struct problem *p, struct tensor in[MAX_INPUTS], struct tensor *out)
{
    const struct conv2d *g = &p->conv2d;
    const enum storage s = storage_of(p->precision);
    const long x = (long)elements_x(g), w = (long)elements_w(g), y = (long)elements_y(g);

    in[0] = (struct tensor){"x", s, 1, x, x};
    in[1] = (struct tensor){"w", s, 1, w, w};
    *out = (struct tensor){"y", s, 1, y, y};
    return 2;
}

/* Integers whose every partial sum is exact. f64 f32 tf32: x in -4..4 and w in -4, 0, 4, multiples
 * of 4 so that the transforms of Winograd F(2x2) stay exact too. f16 and bf16: +-1, thinned so that
 * an output sums about half of the 2048 or 256 integers that it holds. x and w carry 2^20 and
 * 2^-20 where f16 could not follow: a hidden conversion to f16 overflows. */
static int exact(const struct problem *p, int input, struct exact_data *d)
{
    const int narrow = p->precision == F16 || p->precision == BF16;
    const double room = (p->precision == F16 ? 2048 : 256) / 2.0, thin = room / reduction(p);

    d->amplitude = narrow || input == 1 ? 1 : 4;
    d->density = narrow && thin < 1 ? __builtin_sqrt(thin) : 1;
    d->scale = p->precision == F64 || p->precision == F16 ? 1 : input == 0 ? 0x1p20 : 0x1p-20;
    if (input == 1 && !narrow) d->scale *= 4;
    return reduction(p) <= 1 << 20;
}

const struct op op_conv2d = {
    .name = "conv2d",
    .summary = "convolution y = conv(x, w)",
    .form = "conv2d <precision> <nchw|nhwc> <n>x<c>x<h>x<w> k<k> <r>x<s> [stride<v>] [pad<v>] "
            "[dil<v>] [groups<g>]",
    .parse = parse,
    .flops = flops,
    .bytes = bytes,
    .least = least,
    .tensors = tensors,
    .reads_out = NULL,
    .reduction = reduction,
    .work = reduction,
    .exact = exact,
    .oracle = oracle_conv2d,
    .oracle_device = ORACLE_DEVICE(oracle_conv2d_device),
    .fold = fold_conv2d,
    .impls = impls,
};
