/* compare_options.c: see compare_options.h. */
#include "cmd/compare_options.h"
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/commands.h"

enum what { COLUMN, MODE, THRESHOLD, FAIL_ON, STRICT, SORT, ALL, FORMAT, OUT, PLOT, HELP };

static const struct known {
    const char *name;
    char letter; /* 0: none */
    enum what what;
    const char *argument, *help;
} table[] = {
    {"mode", 0, MODE, "NAME", "regression, hardware or impl, instead of what A and B suggest"},
    {"op", 0, COLUMN, "LIST", "only these ops: gemm,conv2d"},
    {"impl", 0, COLUMN, "LIST", "impls, with patterns, as all of these: 'gemm_*,!gemm_naive'"},
    {"tier", 0, COLUMN, "LIST", "naive,tuned,library"},
    {"place", 0, COLUMN, "LIST", "host,device"},
    {"precision", 0, COLUMN, "LIST", "f64,f32,tf32,f16,bf16"},
    {"layout", 0, COLUMN, "LIST", "nn,nt,tn,tt; nchw,nhwc"},
    {"shape", 0, COLUMN, "LIST", "shapes: '4096x*'"},
    {"cache", 0, COLUMN, "LIST", "cold,hot"},
    {"timing", 0, COLUMN, "LIST", "batch,isolated,host"},
    {"threshold", 0, THRESHOLD, "PCT",
     "what a difference must exceed (default 2); 4 at least with fewer than 4 repeats on a side"},
    {"fail-on", 0, FAIL_ON, "LIST",
     "exit 3 on slower,broken,gone,unsure or none (regression: slower,broken; else none)"},
    {"strict", 0, STRICT, NULL, "exit 5 when a cell is undecided"},
    {"sort", 0, SORT, "ORDER", "effect (default) or order, that of the file"},
    {"all", 0, ALL, NULL, "cells that are the same or on one side, too; impl: every mode"},
    {"format", 0, FORMAT, "NAME", "text (default), md or csv (every cell, every number)"},
    {"output", 'o', OUT, "FILE", "write there instead of to the terminal"},
    {"plot", 0, PLOT, NULL, "draw the figure compare of these cells, too, into out/<A>+<B>/"},
    {"help", 'h', HELP, NULL, "this"},
};
enum { KNOWN = sizeof table / sizeof table[0] };

static void help(FILE *to)
{
    fputs("usage: wheelbench compare A [B] [OPTIONS]\n"
          "A and B are run directories, slugs of results/ (the newest complete run), slug@commit "
          "(all\nruns of it), or lists of these with commas. The slug of a CPU that only runs with "
          "a GPU have:\ntheir host rows. Equal processors: did it get slower? (regression) Others: "
          "what did B give, and\nas much as its roofs promise? (hardware) A alone: its ladder "
          "(impl).\n\n",
          to);
    for (int i = 0; i < KNOWN; i++) {
        char left[64], letter[8] = "    ";
        if (table[i].letter) snprintf(letter, sizeof letter, "-%c, ", table[i].letter);
        snprintf(left, sizeof left, "%s--%s %s", letter, table[i].name,
                 table[i].argument ? table[i].argument : "");
        fprintf(to, "  %-24s %s\n", left, table[i].help);
    }
    fputs("\nFASTER, SLOWER: by more than the threshold, and the 95 % interval excludes 1. SAME: "
          "the\ninterval lies inside it. UNSURE: all else. CLOCK: only the clock differs. BROKEN: "
          "ok in A,\nwrong or failed in B. GONE: ok in A, not there or skipped in B. B/A above 1: "
          "B is faster.\nExit: 0 compared, 3 --fail-on, 4 cannot be compared, 5 --strict and "
          "undecided.\n",
          to);
}

/* Index of word (of n bytes) in a list that ends with NULL, or -1 and an error with the list. */
static int choose(const char *option, const char *word, size_t n, const char *const words[])
{
    int i = 0;

    while (words[i] && (strlen(words[i]) != n || strncmp(words[i], word, n))) i++;
    if (words[i]) return i;
    fprintf(stderr, "wheelbench: --%s: unknown '%.*s'; valid:", option, (int)(n > 60 ? 60 : n),
            word);
    for (i = 0; words[i]; i++) fprintf(stderr, " %s", words[i]);
    fputc('\n', stderr);
    return -1;
}

static int set_fail_on(struct compare_options *o, const char *list)
{
    static const char *const words[] = {"slower", "broken", "gone", "unsure", "none", NULL};
    static const enum verdict verdicts[] = {SLOWER, BROKEN, GONE, UNSURE};

    o->fail_on_given = 1;
    memset(o->fail_on, 0, sizeof o->fail_on);
    for (const char *s = list;;) {
        const size_t n = strcspn(s, ",");
        const int i = choose("fail-on", s, n, words);
        if (i < 0) return -1;
        if (i < 4) o->fail_on[verdicts[i]] = 1;
        if (!s[n]) return 0;
        s += n + 1;
    }
}

static int set_threshold(struct compare_options *o, const char *text)
{
    char *end;

    errno = 0;
    o->request.threshold_pct = strtod(text, &end);
    if (!errno && end != text && !*end && o->request.threshold_pct >= 0 &&
        o->request.threshold_pct <= 1000)
        return 0;
    fprintf(stderr, "wheelbench: --threshold '%.40s': expected percent from 0 to 1000, such as 5\n",
            text);
    return -1;
}

static int take(struct compare_options *o, const struct known *k, const char *value)
{
    static const char *const modes[] = {"regression", "hardware", "impl", NULL},
                             *const orders[] = {"effect", "order", NULL},
                             *const formats[] = {"text", "md", "csv", NULL};
    int i = 0;

    switch (k->what) {
    case COLUMN:
        while (strcmp(filter_columns[i], k->name)) i++;
        o->request.filter.list[i] = value;
        break;
    case MODE:
        if ((i = choose(k->name, value, strlen(value), modes)) >= 0)
            o->request.mode = (enum compare_mode)(COMPARE_REGRESSION + i);
        break;
    case SORT: o->view.by_order = i = choose(k->name, value, strlen(value), orders); break;
    case FORMAT:
        if ((i = choose(k->name, value, strlen(value), formats)) >= 0)
            o->view.format = (enum compare_format)i;
        break;
    case THRESHOLD: i = set_threshold(o, value); break;
    case FAIL_ON: i = set_fail_on(o, value); break;
    case STRICT: o->strict = 1; break;
    case ALL: o->view.all = 1; break;
    case OUT: o->out = value; break;
    case PLOT: o->plot = 1; break;
    case HELP: help(stdout); return EXIT_DONE + 1;
    }
    return i < 0 ? EXIT_USAGE + 1 : 0;
}

static int sides(struct compare_options *o, int count, char **rest)
{
    const char *why = NULL;

    for (int i = 0; i < count && i < 2; i++) o->side[i] = rest[i];
    if (count < 1) why = "compare needs a run, such as results/<device>/<run>, or a device's slug";
    if (count > 2) why = "compare has two sides at most; several runs of one go behind commas";
    if (!why && count == 1 && o->request.mode != COMPARE_GUESS && o->request.mode != COMPARE_IMPL)
        why = "this --mode needs two sides";
    if (!why && count == 2 && o->request.mode == COMPARE_IMPL) why = "--mode impl has one side";
    if (!why && count == 1 && o->plot)
        why = "--plot needs two sides; wheelbench plot RUN draws the figures of one";
    if (!why && o->out && !*o->out) why = "-o needs a file name";
    if (!why) return 0;
    fprintf(stderr, "wheelbench: %s (wheelbench help compare)\n", why);
    return EXIT_USAGE + 1;
}

int compare_options_read(struct compare_options *o, int argc, char **argv)
{
    struct option longs[KNOWN + 1] = {0};
    int status;

    *o = (struct compare_options){.request.threshold_pct = NAN};
    for (int i = 0; i < KNOWN; i++)
        longs[i] = (struct option){
            table[i].name, table[i].argument ? required_argument : no_argument, NULL, 1000 + i};
    opterr = 0;
    optind = 0; /* glibc: start over, and read argv from index 1 */
    for (int c; (c = getopt_long(argc, argv, ":o:h", longs, NULL)) != -1;) {
        if (c == ':' || c == '?') {
            fprintf(stderr, "wheelbench: %s '%s'; wheelbench help compare lists the options\n",
                    c == ':' ? "a value is missing behind" : "unknown option", argv[optind - 1]);
            return EXIT_USAGE + 1;
        }
        int i = c - 1000;
        for (int k = 0; k < KNOWN && c < 1000; k++)
            if (table[k].letter == c) i = k;
        if ((status = take(o, &table[i], optarg)) != 0) return status;
    }
    return sides(o, argc - optind, argv + optind);
}
