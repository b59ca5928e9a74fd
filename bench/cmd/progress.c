/* progress.c: see progress.h. */
#include "cmd/progress.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "ops/problem.h"
#include "report/derive.h"

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void progress_start(struct progress *p, int problems, int quiet)
{
    *p = (struct progress){.problems = problems,
                           .quiet = quiet,
                           .terminal = isatty(STDERR_FILENO),
                           .start_s = now_s()};
}

static void clear_line(const struct progress *p)
{
    if (p->terminal) fputs("\r\033[K", stderr);
}

void progress_problem(struct progress *p, const struct problem *problem, enum place place,
                      double left_s)
{
    p->problem_s = now_s();
    if (strcmp(p->current, problem->text)) {
        if (p->current[0]) p->done++;
        snprintf(p->current, sizeof p->current, "%s", problem->text);
    }
    if (p->terminal) {
        clear_line(p);
        fprintf(stderr, "[%d/%d, %.0f s left] %s %.80s", p->done + 1, p->problems, left_s,
                place_name(place), problem->text);
        fflush(stderr);
    }
}

/* 12.3 us, 4.56 ms, 1.23 s */
static const char *time_text(double us, char *to, size_t n)
{
    snprintf(to, n,
             us < 1e3   ? "%.4g us"
             : us < 1e6 ? "%.4g ms"
                        : "%.4g s",
             us < 1e3   ? us
             : us < 1e6 ? us / 1e3
                        : us / 1e6);
    return to;
}

static const char *speed_text(const struct row *r, char *to, size_t n)
{
    const double g = r->gflops > 0 ? r->gflops : r->gbs;

    snprintf(to, n, "%.4g %s%s", g < 1e4 ? g : g / 1e3, g < 1e4 ? "G" : "T",
             r->gflops > 0 ? "FLOP/s" : "B/s");
    return to;
}

static const char *isolated(const struct row *r)
{
    return strcmp(r->timing, "isolated") ? "" : "  isolated";
}

static void print_row(const struct row *rows, int count, const struct row *r)
{
    char time[32], speed[32], percent[128] = "", energy[40] = "";
    const struct row *rival = derive_rival(rows, (size_t)count, r);

    if (strcmp(r->status, "ok")) {
        printf("  %-24s %-4s  %s: %s%s\n", r->impl, r->cache, r->status, r->reason, isolated(r));
        return;
    }
    if (rival) {
        const struct ratio q = derive_ratio(r, rival);
        snprintf(percent, sizeof percent, "%6.1f %% of %s%s", 100 / q.factor, rival->impl,
                 q.lo <= 1 && q.hi >= 1 ? ", no difference" : "");
    }
    if (r->energy_mj > 0 && r->flop > 0) /* mJ / GFLOP */
        snprintf(energy, sizeof energy, "  %.3g pJ/FLOP", r->energy_mj / (r->flop * 1e-9));
    printf("  %-24s %-4s %10s %14s  %-34s error %.2g of bound%s%s%s%s\n", r->impl, r->cache,
           time_text(r->t_med_us, time, sizeof time), speed_text(r, speed, sizeof speed), percent,
           r->err_bound_frac, energy, isolated(r), *r->flags ? "  " : "", r->flags);
}

/* A reason that all rows of a problem share becomes one line, and is said once when it is that of
 * the problem before: without a GPU every problem would repeat it. */
void progress_rows(struct progress *p, const struct row *rows, int count)
{
    int skipped = 0;

    clear_line(p);
    if (p->quiet || !count) return;
    for (int i = 0; i < count; i++)
        skipped += !strcmp(rows[i].status, "skipped") && !strcmp(rows[i].reason, rows[0].reason);
    if (skipped == count && !strcmp(p->said, rows[0].reason)) return;
    printf("%s %s %s %s, %s, %.1f s\n", rows[0].op, rows[0].precision, rows[0].layout,
           rows[0].shape, rows[0].place, now_s() - p->problem_s);
    if (skipped == count) {
        printf("  all %d cells skipped: %s\n", count, rows[0].reason);
        snprintf(p->said, sizeof p->said, "%s", rows[0].reason);
    }
    for (int i = 0; i < count && skipped < count; i++) print_row(rows, count, &rows[i]);
    fflush(stdout);
}

void progress_end(struct progress *p, const long rows[4])
{
    clear_line(p);
    if (!p->quiet)
        printf("%ld ok, %ld skipped, %ld wrong, %ld failed in %.0f s\n", rows[STATUS_OK],
               rows[STATUS_SKIPPED], rows[STATUS_WRONG], rows[STATUS_FAILED], now_s() - p->start_s);
}
