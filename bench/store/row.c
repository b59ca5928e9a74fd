/* row.c: the table of the 46 columns, and what can be said of a row from the table alone. A new
 * column is one line here and one field in row.h, always at the end. */
#include "store/row.h"
#include <math.h>
#include <string.h>
#include "fail.h"

#define TEXT(field, words_, role, meaning_)                                                        \
    {                                                                                              \
        .name = #field, .unit = "", .meaning = meaning_, .words = words_, .type = COLUMN_TEXT,     \
        .offset = offsetof(struct row, field), .size = sizeof((struct row *)0)->field,             \
        .needed = role != FREE, .key = role == KEY                                                 \
    }
#define REAL(field, type_, role, unit_, meaning_)                                                  \
    {                                                                                              \
        .name = #field, .unit = unit_, .meaning = meaning_, .type = type_,                         \
        .offset = offsetof(struct row, field), .needed = role != FREE                              \
    }

enum role { FREE, NEEDED, KEY };

const struct column row_columns[ROW_COLUMNS] = {
    REAL(schema, COLUMN_COUNT, NEEDED, "", "which definition of this table; 1 is this one"),
    TEXT(run, NULL, KEY, "name of the run directory: UTC time and commit"),
    TEXT(device, NULL, KEY, "slug of the processor that computed this row (host rows: the CPU)"),
    TEXT(op, NULL, KEY, "operation"),
    TEXT(precision, NULL, KEY, "numerical contract: f64 f32 tf32 f16 bf16"),
    TEXT(layout, NULL, KEY, "the op's layout word: nn nt tn tt; nchw nhwc"),
    TEXT(shape, NULL, KEY, "the rest of the problem's text form"),
    TEXT(impl, NULL, KEY, "implementation, one file of kernels/ or reference/"),
    TEXT(tier, "naive tuned library framework", FREE, "what kind of implementation"),
    TEXT(place, "host device", KEY, "where it computes"),
    TEXT(cache, "cold hot", KEY, "cold: operands are not in the cache; hot: they were just used"),
    TEXT(timing, "batch isolated host", KEY,
         "batch: graph of calls; isolated: one call; host: wall clock"),
    TEXT(status, "ok skipped wrong failed", NEEDED,
         "skipped: could not run here; wrong: disagrees with the oracle, or faster than physics; "
         "failed: error, crash, timeout or out of memory. Only ok rows have times"),
    TEXT(reason, NULL, FREE, "one line, empty exactly when status is ok"),
    TEXT(flags, NULL, FREE, "remarks, sorted, ; between"),
    REAL(samples, COLUMN_COUNT, FREE, "", "timed blocks behind the times"),
    REAL(t_med_us, COLUMN_TIME, NEEDED, "us",
         "time of one call: median of the samples; of several repeats: of their medians"),
    REAL(t_min_us, COLUMN_TIME, FREE, "us", "least sample"),
    REAL(t_p05_us, COLUMN_TIME, FREE, "us", "5th percentile; empty below 50 samples"),
    REAL(t_p95_us, COLUMN_TIME, FREE, "us", "95th percentile; empty below 50 samples"),
    REAL(t_ci_lo_us, COLUMN_TIME, FREE, "us",
         "low end of the 95 % interval of the median (order statistics of the samples, or of the "
         "medians of several repeats); empty below 6 of them"),
    REAL(t_ci_hi_us, COLUMN_TIME, FREE, "us", "high end of that interval"),
    REAL(mad_us, COLUMN_TIME, FREE, "us",
         "median of abs(sample - median); of several repeats: median of theirs"),
    REAL(drift_pct, COLUMN_REAL, FREE, "% of t_med_us",
         "Theil-Sen slope over the rounds * (rounds - 1); of several repeats: median of theirs"),
    REAL(
        flop, COLUMN_COUNT, FREE, "",
        "useful floating-point operations of one call, by the op's definition; 0: judged by bytes"),
    REAL(bytes, COLUMN_COUNT, FREE, "bytes",
         "compulsory bytes of one call: each input read once, each output written once"),
    REAL(gflops, COLUMN_REAL, FREE, "GFLOP/s", "flop / t_med_us / 1e3; empty when flop is 0"),
    REAL(gbs, COLUMN_REAL, FREE, "GB/s", "bytes / t_med_us / 1e3"),
    REAL(err_bound_frac, COLUMN_ERROR, FREE, "",
         "max of error / bound over the outputs compared; at most 1 passes"),
    REAL(err_max_abs, COLUMN_ERROR, FREE, "", "max of abs(output - oracle)"),
    REAL(err_rel_l2, COLUMN_ERROR, FREE, "", "norm of (output - oracle) / norm of oracle"),
    REAL(exact_ok, COLUMN_COUNT, FREE, "0 or 1", "small-integer inputs gave the exact bits"),
    REAL(n_checked, COLUMN_COUNT, FREE, "", "outputs compared"),
    REAL(sm_mhz, COLUMN_REAL, FREE, "MHz", "mean processor clock while this cell was timed"),
    REAL(mem_mhz, COLUMN_REAL, FREE, "MHz", "mean memory clock while this cell was timed"),
    REAL(power_w, COLUMN_REAL, FREE, "W", "mean board power while this cell was timed"),
    REAL(temp_c, COLUMN_COUNT, FREE, "C", "highest temperature while this cell was timed"),
    REAL(energy_mj, COLUMN_REAL, FREE, "mJ", "energy of one call, from the separate energy pass"),
    TEXT(algo, NULL, FREE, "library algorithm or tile configuration that ran"),
    REAL(workspace_bytes, COLUMN_COUNT, FREE, "bytes", "memory beyond the operands"),
    REAL(sloc, COLUMN_COUNT, FREE, "lines",
         "source lines you own: the impl's file and the headers of kernels/ or reference/ it "
         "includes, without comments, blank lines, includes and lone brackets"),
    REAL(regs, COLUMN_COUNT, FREE, "", "registers per thread of the main kernel"),
    REAL(smem_bytes, COLUMN_COUNT, FREE, "bytes",
         "shared memory per block of the main kernel, static + dynamic"),
    REAL(first_call_ms, COLUMN_REAL, FREE, "ms", "first run, lazy loading included"),
    REAL(prepare_ms, COLUMN_REAL, FREE, "ms", "prepare: plans, descriptors, autotuning"),
    REAL(seed, COLUMN_COUNT, FREE, "", "seed of the inputs"),
};

const char *row_text(const struct row *r, const struct column *c)
{
    return (const char *)r + c->offset;
}

double row_real(const struct row *r, const struct column *c)
{
    double v;

    memcpy(&v, (const char *)r + c->offset, sizeof v);
    return v;
}

void row_clear(struct row *r)
{
    const double none = NAN;

    memset(r, 0, sizeof *r);
    for (int i = 0; i < ROW_COLUMNS; i++)
        if (row_columns[i].type != COLUMN_TEXT)
            memcpy((char *)r + row_columns[i].offset, &none, sizeof none);
    r->schema = ROW_SCHEMA;
}

void row_rates(struct row *r)
{
    r->gflops = r->flop > 0 ? r->flop / r->t_med_us / 1e3 : NAN;
    r->gbs = r->bytes / r->t_med_us / 1e3;
}

/* Is `word` one of the words in `words`, which have one blank between them? */
static int known(const char *words, const char *word)
{
    const size_t n = strlen(word);

    for (const char *w = words; *w; w += strcspn(w, " "), w += *w == ' ')
        if (strcspn(w, " ") == n && !strncmp(w, word, n)) return 1;
    return 0;
}

static const char *check_column(const struct row *r, const struct column *c, int ok)
{
    if (c->type == COLUMN_TEXT) {
        const char *text = row_text(r, c);
        /* A device row that was skipped because there is no device has no slug. */
        const int may_lack = c->offset == offsetof(struct row, device) && !ok;
        if ((c->key || c->needed) && !*text && !may_lack)
            return fail_text("column %s is empty", c->name);
        if (c->words && *text && !known(c->words, text))
            return fail_text("unknown %s '%.40s'; known: %s", c->name, text, c->words);
        return NULL;
    }
    const double v = row_real(r, c);
    if (!isfinite(v)) return NULL;
    const int rate =
        c->offset == offsetof(struct row, gflops) || c->offset == offsetof(struct row, gbs);
    if (!ok && (c->type == COLUMN_TIME || rate))
        return fail_text("status is %s, but %s has a value; only ok rows are timed", r->status,
                         c->name);
    if (v < 0 && c->offset != offsetof(struct row, drift_pct))
        return fail_text("%s is negative (%.6g)", c->name, v);
    if (v == 0 && c->type == COLUMN_TIME && c->offset != offsetof(struct row, mad_us))
        return fail_text("%s is 0", c->name);
    if (v > 1 && c->offset == offsetof(struct row, exact_ok))
        return fail_text("%s is %.6g; known: 0 1", c->name, v);
    return NULL;
}

const char *row_schema(double schema)
{
    if (isnan(schema)) return "schema is empty";
    if (schema >= 1 && schema <= ROW_SCHEMA && schema == floor(schema)) return NULL;
    return fail_text("schema %.6g is not known; this program reads schema %d%s", schema, ROW_SCHEMA,
                     schema > ROW_SCHEMA ? ", a newer one wrote this" : "");
}

const char *row_check(const struct row *r)
{
    const int ok = !strcmp(r->status, "ok");

    TRY(row_schema(r->schema));
    for (int i = 0; i < ROW_COLUMNS; i++) TRY(check_column(r, &row_columns[i], ok));
    if (ok && !isfinite(r->t_med_us)) return "status is ok, but t_med_us is empty";
    if (ok && *r->reason) return "status is ok, but there is a reason";
    if (!ok && !*r->reason) return fail_text("status is %s, but the reason is empty", r->status);
    return NULL;
}

int row_compare(const struct row *a, const struct row *b)
{
    int order = 0;

    for (int i = 0; i < ROW_COLUMNS && !order; i++)
        if (row_columns[i].key)
            order = strcmp(row_text(a, &row_columns[i]), row_text(b, &row_columns[i]));
    return order;
}

int row_readme(FILE *to)
{
    static const char *const types[] = {
        [COLUMN_TEXT] = "text",
        [COLUMN_COUNT] = "whole number",
        [COLUMN_TIME] = "real, 7 digits",
        [COLUMN_REAL] = "real, 6 digits",
        [COLUMN_ERROR] = "real, 4 digits",
    };

    fputs("| # | column | type | unit | meaning |\n|---|---|---|---|---|\n", to);
    for (int i = 0; i < ROW_COLUMNS; i++) {
        const struct column *c = &row_columns[i];
        fprintf(to, "| %d | `%s` | %s | %s | %s%s%s%s |\n", i + 1, c->name, types[c->type], c->unit,
                c->words ? "`" : "", c->words ? c->words : "", c->words ? "`: " : "", c->meaning);
    }
    return ferror(to) ? -1 : 0;
}
