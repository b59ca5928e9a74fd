/* choose.c: see choose.h. */
#include "report/choose.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report/words.h"

struct row *choose_rows(const struct stored_run *run, choose_keep *keep, const void *arg)
{
    struct row *rows = malloc((run->count + 1) * sizeof *rows);

    for (size_t i = 0; rows && i < run->count; i++) {
        rows[i] = run->rows[i];
        if (derive_usable(&rows[i]) && !keep(&rows[i], arg)) strcpy(rows[i].status, "skipped");
    }
    return rows;
}

size_t choose_series(const struct row *rows, size_t count, const struct row *of,
                     const struct row *out[CHOSEN_MAX])
{
    size_t n = 0;

    memset(out, 0, CHOSEN_MAX * sizeof *out);
    for (size_t i = 0; i < count; i++) {
        const struct row *r = &rows[i];
        if (!derive_usable(r) || !derive_by_hand(r) || !derive_same_cell(r, of)) continue;
        const struct row **best = &out[derive_slot(rows, count, r) - 1];
        if (!*best || r->t_med_us < (*best)->t_med_us) *best = r;
    }
    out[CHOSEN_MAX - 1] = derive_rival(rows, count, of);
    for (int i = 0; i < CHOSEN_MAX; i++) n += out[i] != NULL;
    return n;
}

struct duel choose_duel(const struct row *rows, size_t count, const struct row *of)
{
    const struct row *series[CHOSEN_MAX];
    struct duel d = {NULL, NULL};

    choose_series(rows, count, of, series);
    d.library = series[CHOSEN_MAX - 1];
    for (int i = 0; i < CHOSEN_MAX - 1; i++)
        if (series[i] && (!d.hand || series[i]->t_med_us < d.hand->t_med_us)) d.hand = series[i];
    return d;
}

int choose_is_headline(const struct row *r)
{
    return !strcmp(r->cache, "cold") &&
           !strcmp(r->timing, !strcmp(r->place, "host") ? "host" : "batch");
}

int choose_opens_cell(const struct row *rows, size_t i)
{
    if (!derive_usable(&rows[i]) || !choose_is_headline(&rows[i])) return 0;
    for (size_t j = 0; j < i; j++)
        if (derive_usable(&rows[j]) && derive_same_cell(&rows[j], &rows[i])) return 0;
    return 1;
}

struct span choose_span(const struct row *r)
{
    const int many = r->t_p05_us > 0 && r->t_p95_us > 0;
    const double low = many ? r->t_p05_us : r->t_ci_lo_us;
    const double high = many ? r->t_p95_us : r->t_ci_hi_us;

    return (struct span){low > 0 ? low : r->t_med_us, high > 0 ? high : r->t_med_us};
}

double choose_listed(const struct stored_run *run, const struct row *r, const char **label)
{
    char text[sizeof r->op + sizeof r->precision + sizeof r->layout + sizeof r->shape + 4];
    double times = 1;

    snprintf(text, sizeof text, "%s %s %s %s", r->op, r->precision, r->layout, r->shape);
    manifest_problem(&run->manifest, text, &times, label);
    return times > 0 ? times : 1;
}

char *choose_devices(const struct stored_run *run, int device, int host, char *to, size_t n)
{
    device = device && *run->device, host = host && *run->host;
    snprintf(to, n, "%s%s%s", device ? run->device : "", device && host ? " and " : "",
             host ? run->host : "");
    return to;
}

/* Does an earlier run carry this tag too? */
static int tag_is_old(const struct stored_run *runs, size_t before, const char *tag)
{
    const struct manifest_value *tags;

    for (size_t i = 0; i < before; i++) {
        const int n = manifest_list(&runs[i].manifest, "", "tags", &tags);
        for (int k = 0; k < n; k++)
            if (!strcmp(tags[k].text, tag)) return 1;
    }
    return 0;
}

char *choose_footers(const struct stored_run *runs, size_t count, const char *letters, char *to,
                     size_t n)
{
    const struct manifest_value *tags;
    size_t used = 0, named = 0;

    *to = 0;
    for (size_t i = 0; i < count; i++) {
        const int tag_count = manifest_list(&runs[i].manifest, "", "tags", &tags);
        for (int k = 0; k < tag_count && used + 110 < n; k++)
            if (tags[k].kind == MANIFEST_TEXT && !tag_is_old(runs, i, tags[k].text))
                used += (size_t)snprintf(to + used, n - used, "%.100s · ", tags[k].text);
    }
    for (size_t i = 0; i < count && used + 140 < n; i++) {
        const char letter[] = {letters ? letters[i] : 0, ' ', 0};
        if (letters && *letter == ' ') continue;
        used += (size_t)snprintf(to + used, n - used, "%s%s%.100s: %d ok",
                                 named++   ? ", "
                                 : letters ? ""
                                           : "runs ",
                                 letter, runs[i].id, runs[i].ok);
    }
    return to;
}

char *choose_footer(const struct stored_run *run, int doubtful, char *to, size_t n)
{
    snprintf(to, n, "%s%s", run->footer, doubtful ? " · hollow with *: has a warning flag" : "");
    return to;
}
