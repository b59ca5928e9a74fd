/* options.c: see options.h. */
#include "cmd/options.h"
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/commands.h"
#include "measure/stats.h"

enum kind { FLAG, TEXT, TEXTS, INTEGER, REAL, SEED, DEVICE_NUMBER };

static const struct known {
    const char *name;
    char letter; /* 0: none */
    enum kind kind;
    int commands;
    size_t offset;
    double low, high;
    const char *argument, *help;
} table[] = {
#define AT(field) offsetof(struct options, field)
    {"op", 0, TEXT, 7, AT(op), 0, 0, "LIST", "ops: gemm,conv2d,pool2d"},
    {"impl", 0, TEXT, 7, AT(impl), 0, 0, "LIST", "impls, with patterns: 'gemm_*,!gemm_naive'"},
    {"tier", 0, TEXT, 7, AT(tier), 0, 0, "LIST", "naive,tuned,library"},
    {"place", 0, TEXT, 31, AT(place), 0, 0, "LIST", "host,device"},
    {"precision", 0, TEXT, 6, AT(precision), 0, 0, "LIST", "f64,f32,tf32,f16,bf16"},
    {"layout", 0, TEXT, 6, AT(layout), 0, 0, "LIST", "nn,nt,tn,tt; nchw,nhwc"},
    {"cache", 0, TEXT, 2, AT(cache), 0, 0, "LIST", "cold,hot (default: the preset's)"},
    {"timing", 0, TEXT, 2, AT(timing), 0, 0, "LIST",
     "of device impls: batch,isolated (default: batch; standard: isolated where only that is "
     "cold)"},
    {"problem", 'p', TEXTS, 6, AT(problem), 0, 0, "TEXT",
     "one problem, repeatable: \"gemm f32 nn 512x512x512\""},
    {"problems", 0, TEXT, 7, AT(problems), 0, 0, "FILE",
     "a problem file, or FILE@group; quick, standard, publish, gemm: built-in lists"},
    {"sweep", 0, TEXT, 6, AT(sweep), 0, 0, "A:B:F",
     "square gemm from A to B by factor F: 256:4096:2"},
    {"preset", 0, TEXT, 6, AT(preset), 0, 0, "NAME",
     "quick, standard (default) or publish: problems, rounds, repeats, budget"},
    {"output", 'o', TEXT, 2, AT(out), 0, 0, "DIR", "where run directories go (default results)"},
    {"budget", 0, REAL, 2, AT(budget_s), 1, 1e6, "SECONDS",
     "stop starting problems after this long"},
    {"limit", 0, REAL, 2, AT(limit_s), 1e-3, 1e5, "SECONDS", "longest call that is timed"},
    {"rounds", 0, INTEGER, 2, AT(rounds), 1, 512, "N", "timed blocks of every cell"},
    {"repeats", 0, INTEGER, 2, AT(repeats), 1, REPEATS_MAX, "N",
     "fresh processes that measure each problem, one by one (default 1; publish: 6)"},
    {"device", 0, DEVICE_NUMBER, 31, AT(device), 0, 1023, "N", "CUDA device (default 0)"},
    {"threads", 0, INTEGER, 30, AT(threads), 1, 1024, "N",
     "threads on the host (default: physical cores)"},
    {"seed", 0, SEED, 6, AT(seed), 0, 0, "N",
     "of the inputs and of the order of the rounds (default 1)"},
    {"energy", 0, FLAG, 2, AT(energy), 0, 0, NULL,
     "the energy of a call too: 8 s more for each device impl of a problem"},
    {"resume", 0, TEXT, 2, AT(resume), 0, 0, "DIR",
     "go on with a run that ended early, with the options it had"},
    {"retry", 0, TEXT, 2, AT(retry), 0, 0, "WORD",
     "failed: with --resume, measure the problems again that have a failed row"},
    {"timeout", 0, REAL, 2, AT(timeout_s), 0.1, 1e5, "SECONDS",
     "what an impl's first call or plan may take before it is ended (default 120)"},
    {"wait", 0, FLAG, 18, AT(wait), 0, 0, NULL, "wait until nobody else measures here"},
    {"busy-ok", 0, FLAG, 2, AT(busy_ok), 0, 0, NULL,
     "publish: measure although others compute on the device"},
    {"in-process", 0, FLAG, 2, AT(in_process), 0, 0, NULL,
     "no child process: for debuggers and profilers; a crash ends the run"},
    {"dry-run", 0, FLAG, 2, AT(dry_run), 0, 0, NULL, "print what would run and what it costs"},
    {"no-roof", 0, FLAG, 2, AT(no_roof), 0, 0, NULL,
     "do not first measure what the machine can reach"},
    {"selftest", 0, TEXT, 2, AT(selftest), 0, 0, "WORD",
     "passed, failed or skipped: kept in the manifest; `make bench` tells it"},
    {"selftest-facts", 0, TEXT, 2, AT(selftest_facts), 0, 0, "FILE",
     "what `selftest --facts` wrote: kept in the manifest"},
    {"facts", 0, TEXT, 16, AT(facts), 0, 0, "FILE",
     "write what was found out for `run --selftest-facts`"},
    {"quick", 0, FLAG, 16, AT(quick), 0, 0, NULL,
     "a few seconds: fewer liars and cells; no linearity, sensitivity, settling, influence"},
    {"lines", 0, FLAG, 1, AT(lines), 0, 0, NULL, "the lines you own with each impl"},
    {"on-cpu", 0, FLAG, 4, AT(on_cpu), 0, 0, NULL,
     "the device impls without a GPU: compiled for the CPU, under sanitizers"},
    {"quiet", 'q', FLAG, 6, AT(quiet), 0, 0, NULL, "print the last line only"},
};
enum { KNOWN = sizeof table / sizeof table[0] };

static const char *command_name(int command)
{
    switch (command) {
    case FOR_LIST: return "list";
    case FOR_RUN: return "run";
    case FOR_ROOF: return "roof";
    case FOR_SELFTEST: return "selftest";
    default: return "check";
    }
}

void options_help(int command)
{
    printf("usage: wheelbench %s [%s]\n\n", command_name(command),
           command == FOR_LIST ? "ops|impls|problems|devices|columns|flags" : "OPTIONS");
    for (int i = 0; i < KNOWN; i++) {
        char left[64], letter[8] = "    ";
        if (!(table[i].commands & command)) continue;
        if (table[i].letter) snprintf(letter, sizeof letter, "-%c, ", table[i].letter);
        snprintf(left, sizeof left, "%s--%s %s", letter, table[i].name,
                 table[i].argument ? table[i].argument : "");
        printf("  %-24s %s\n", left, table[i].help);
    }
    if (command == FOR_SELFTEST)
        fputs("\nProofs about times are tried up to three times. Of those on the host, A/A, "
              "linearity,\n"
              "sensitivity, checks before and waits that came out too long are then 'noisy', not "
              "FAIL:\n"
              "others may use its cores. '-': cannot be seen or tried here; not counted. Exit "
              "status: 0, or 4 "
              "when a\n"
              "proof fails.\n",
              stdout);
}

static int bad(const char *format, const char *name, const char *value, double low, double high)
{
    fprintf(stderr, format, name, value, low, high);
    fputc('\n', stderr);
    return EXIT_USAGE + 1;
}

static int number(const struct known *k, const char *value, struct options *o)
{
    char *end;
    void *field = (char *)o + k->offset;

    errno = 0;
    if (k->kind == SEED) {
        const uint64_t v = strtoull(value, &end, 10);
        if (errno || *end || !strchr("0123456789", *value) || !*value || v > (uint64_t)1 << 53)
            return bad("wheelbench: --%s '%s': expected a whole number from 0 to 2^53", k->name,
                       value, 0, 0);
        *(uint64_t *)field = v;
        return 0;
    }
    const double v = strtod(value, &end);
    if (errno || end == value || *end || !isfinite(v) || v < k->low || v > k->high ||
        (k->kind != REAL && v != floor(v)))
        return bad("wheelbench: --%s '%s': expected a number from %g to %g", k->name, value, k->low,
                   k->high);
    if (k->kind == REAL) *(double *)field = v;
    else *(int *)field = (int)v;
    if (k->kind == DEVICE_NUMBER) o->device_given = 1;
    return 0;
}

static int take(const struct known *k, const char *value, struct options *o)
{
    void *field = (char *)o + k->offset;

    switch (k->kind) {
    case FLAG: *(int *)field = 1; return 0;
    case TEXT: *(const char **)field = value; return 0;
    case TEXTS:
        if (o->problem_count == MOST_TEXTS)
            return bad("wheelbench: --%s '%s': at most %g of them; put more into a file", k->name,
                       value, MOST_TEXTS, 0);
        o->problem[o->problem_count++] = value;
        return 0;
    default: return number(k, value, o);
    }
}

int options_read(struct options *o, int command, int argc, char **argv)
{
    struct option longs[KNOWN + 2] = {0};
    char letters[2 * KNOWN + 4] = ":h";
    int n = 0, status;

    *o = (struct options){.out = "results", .seed = 1};
    for (int i = 0; i < KNOWN; i++) {
        if (!(table[i].commands & command)) continue;
        longs[n++] = (struct option){
            table[i].name, table[i].kind == FLAG ? no_argument : required_argument, NULL, 1000 + i};
        if (table[i].letter) {
            const char add[3] = {table[i].letter, table[i].kind == FLAG ? '\0' : ':', '\0'};
            strcat(letters, add);
        }
    }
    longs[n++] = (struct option){"help", no_argument, NULL, 'h'};
    opterr = 0;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, letters, longs, NULL)) != -1;) {
        const struct known *k = NULL;
        if (c == 'h') {
            options_help(command);
            return EXIT_DONE + 1;
        }
        if (c == ':') return bad("wheelbench: %s needs a value%s", argv[optind - 1], "", 0, 0);
        if (c == '?')
            return bad("wheelbench: unknown option '%s'; wheelbench %s --help lists them",
                       argv[optind - 1], command_name(command), 0, 0);
        for (int i = 0; i < KNOWN && !k; i++)
            if (c == 1000 + i ||
                (table[i].letter && c == table[i].letter && table[i].commands & command))
                k = &table[i];
        if ((status = take(k, optarg, o)) != 0) return status;
    }
    if (optind < argc && command == FOR_LIST) o->what = argv[optind++];
    if (optind < argc)
        return bad("wheelbench: '%s' is no option of %s; a problem goes behind -p", argv[optind],
                   command_name(command), 0, 0);
    return 0;
}

int options_holds(const char *list, const char *word)
{
    const size_t n = strlen(word);

    if (!list) return 1;
    for (const char *s = list; *s;) {
        const size_t len = strcspn(s, ",");
        if (len == n && !strncmp(s, word, n)) return 1;
        s += len + (s[len] == ',');
    }
    return 0;
}
