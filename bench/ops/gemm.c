/* gemm: C = alpha op(A) op(B) + beta C, row-major.
 *
 *   gemm <precision> <layout> <m>x<n>x<k> [alpha=1] [beta=0] [lda=] [ldb=] [ldc=]
 *
 * The layout's first letter is op(A), the second op(B): n as stored, t transposed. FLOPs are 2 m n
 * k; bytes count A, B and C once, C twice when beta is not 0. */
#include <stdio.h>
#include <string.h>
#include "ops/fold.h"
#include "ops/text.h"
#include "number.h"
#include "reference/oracle.h"

#define DEF "ops/gemm.def"
#include "ops/impls.inc"

/* Rounds to f32 where the contract multiplies by an f32 alpha or beta, so that text, oracle and
 * impls mean the same number. */
static double scalar(const struct problem *p, double v)
{
    return p->precision == F64 ? v : (double)(float)v;
}

static int option(struct problem *p, const char *word, char *why, size_t n)
{
    struct gemm *g = &p->gemm;
    const struct {
        const char *name;
        long *extent;
        double *real;
    } known[] = {{"alpha", NULL, &g->alpha},
                 {"beta", NULL, &g->beta},
                 {"lda", &g->lda, NULL},
                 {"ldb", &g->ldb, NULL},
                 {"ldc", &g->ldc, NULL}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const size_t len = strlen(known[i].name);
        if (strncmp(word, known[i].name, len) || word[len] != '=') continue;
        if (known[i].extent)
            return text_extents(word + len + 1, 1, known[i].name, known[i].extent, why, n);
        if (text_real(word + len + 1, known[i].name, known[i].real, why, n)) return -1;
        *known[i].real = scalar(p, *known[i].real);
        return 0;
    }
    snprintf(why, n, "unknown option '%s'; options: alpha= beta= lda= ldb= ldc=", word);
    return -1;
}

/* The least leading dimensions: the stored columns. */
static void dense(const struct gemm *g, long *lda, long *ldb, long *ldc)
{
    *lda = g->trans_a ? g->m : g->k;
    *ldb = g->trans_b ? g->k : g->n;
    *ldc = g->n;
}

static void canonical(struct problem *p)
{
    const struct gemm *g = &p->gemm;
    const size_t n = sizeof p->shape;
    long lda, ldb, ldc;
    char real[32];

    dense(g, &lda, &ldb, &ldc);
    size_t len = (size_t)snprintf(p->shape, n, "%ldx%ldx%ld", g->m, g->n, g->k);
    if (g->alpha != 1)
        text_from_real(g->alpha, real, sizeof real),
            len += (size_t)snprintf(p->shape + len, n - len, " alpha=%s", real);
    if (g->beta != 0)
        text_from_real(g->beta, real, sizeof real),
            len += (size_t)snprintf(p->shape + len, n - len, " beta=%s", real);
    if (g->lda != lda) len += (size_t)snprintf(p->shape + len, n - len, " lda=%ld", g->lda);
    if (g->ldb != ldb) len += (size_t)snprintf(p->shape + len, n - len, " ldb=%ld", g->ldb);
    if (g->ldc != ldc) snprintf(p->shape + len, n - len, " ldc=%ld", g->ldc);
}

static int least(const char *name, long ld, long columns, char *why, size_t n)
{
    if (ld >= columns) return 0;
    snprintf(why, n, "%s is %ld, less than the %ld columns stored", name, ld, columns);
    return -1;
}

static int parse(struct problem *p, const char *text, char *why, size_t n)
{
    struct gemm *g = &p->gemm;
    char word[64];
    long mnk[3], lda, ldb, ldc;

    *g = (struct gemm){.alpha = 1};
    if (text_word(&text, word, sizeof word) != 1 || strlen(word) != 2 || strspn(word, "nt") != 2) {
        snprintf(why, n, "layout is missing or unknown; layouts: nn nt tn tt");
        return -1;
    }
    snprintf(p->layout, sizeof p->layout, "%.2s", word);
    g->trans_a = word[0] == 't';
    g->trans_b = word[1] == 't';
    if (text_word(&text, word, sizeof word) != 1) {
        snprintf(why, n, "shape is missing; expected <m>x<n>x<k>");
        return -1;
    }
    if (text_extents(word, 3, "m n k", mnk, why, n)) return -1;
    g->m = mnk[0], g->n = mnk[1], g->k = mnk[2];
    for (int got; (got = text_word(&text, word, sizeof word)) != 0;) {
        if (got < 0) {
            snprintf(why, n, "a word is too long: '%s...'", word);
            return -1;
        }
        if (option(p, word, why, n)) return -1;
    }
    dense(g, &lda, &ldb, &ldc);
    if (!g->lda) g->lda = lda;
    if (!g->ldb) g->ldb = ldb;
    if (!g->ldc) g->ldc = ldc;
    if (least("lda", g->lda, lda, why, n) || least("ldb", g->ldb, ldb, why, n) ||
        least("ldc", g->ldc, ldc, why, n))
        return -1;
    canonical(p);
    return 0;
}

static double flops(const struct problem *p)
{
    return 2.0 * (double)p->gemm.m * (double)p->gemm.n * (double)p->gemm.k;
}

static double bytes(const struct problem *p)
{
    const struct gemm *g = &p->gemm;
    const double m = (double)g->m, n = (double)g->n, k = (double)g->k;

    return (m * k + k * n + m * n * (g->beta != 0 ? 2 : 1)) *
           storage_size(storage_of(p->precision));
}

/* With alpha = 0 neither A nor B need be looked at. */
static void least_work(const struct problem *p, int direct, double *least_flops,
                       double *least_bytes)
{
    const struct gemm *g = &p->gemm;
    const double c = (double)g->m * (double)g->n * storage_size(storage_of(p->precision));

    (void)direct;
    *least_flops = g->alpha != 0 ? flops(p) : 0;
    *least_bytes = g->alpha != 0 ? bytes(p) : c;
}

static int tensors(const struct problem *p, struct tensor in[MAX_INPUTS], struct tensor *out)
{
    const struct gemm *g = &p->gemm;
    const enum storage s = storage_of(p->precision);

    in[0] = (struct tensor){"A", s, g->trans_a ? g->k : g->m, g->trans_a ? g->m : g->k, g->lda};
    in[1] = (struct tensor){"B", s, g->trans_b ? g->n : g->k, g->trans_b ? g->k : g->n, g->ldb};
    *out = (struct tensor){"C", s, g->m, g->n, g->ldc};
    return 2;
}

static int reads_out(const struct problem *p) { return p->gemm.beta != 0; }
static double reduction(const struct problem *p) { return (double)p->gemm.k; }

static int half_integer(double v) { return v >= -4 && v <= 4 && 2 * v == (double)(int)(2 * v); }

/* Integers whose every partial sum is exact. f64 f32 tf32: -4..4. f16 and bf16: +-1, thinned so
 * that sums stay within the 2048 or 256 integers that the output holds. A and B carry 2^20 and
 * 2^-20 where f16 could not follow: a hidden conversion to f16 overflows. An alpha or beta that is
 * no small half-integer rounds, and the bound alone decides. */
static int exact(const struct problem *p, int input, struct exact_data *d)
{
    const struct gemm *g = &p->gemm;
    const int narrow = p->precision == F16 || p->precision == BF16;
    const double room =
        (p->precision == F16 ? 2048 : 256) / 8.0; /* alpha and beta up to 4, halves, and luck */
    const double thin = room / (double)g->k;

    d->amplitude = narrow ? 1 : 4;
    d->density = narrow && thin < 1 && input < 2 ? (thin < 1e-4 ? 0.01 : __builtin_sqrt(thin)) : 1;
    d->scale = p->precision == F64 || p->precision == F16 || input == 2 ? 1
               : input == 0                                             ? 0x1p20
                                                                        : 0x1p-20;
    return half_integer(g->alpha) && half_integer(g->beta) && g->k <= 1 << 20;
}

const struct op op_gemm = {
    .name = "gemm",
    .summary = "matrix product C = alpha op(A) op(B) + beta C",
    .form = "gemm <precision> <nn|nt|tn|tt> <m>x<n>x<k> [alpha=] [beta=] [lda=] [ldb=] [ldc=]",
    .parse = parse,
    .flops = flops,
    .bytes = bytes,
    .least = least_work,
    .tensors = tensors,
    .reads_out = reads_out,
    .reduction = reduction,
    .work = reduction,
    .exact = exact,
    .oracle = oracle_gemm,
    .oracle_device = ORACLE_DEVICE(oracle_gemm_device),
    .fold = fold_gemm,
    .impls = impls,
};
