/* options.h: the options of list, run, check, roof and selftest, spelled once: parser and help
 * read one table. */
#ifndef WHEELBENCH_OPTIONS_H
#define WHEELBENCH_OPTIONS_H
#include <stdint.h>

enum { FOR_LIST = 1, FOR_RUN = 2, FOR_CHECK = 4, FOR_ROOF = 8, FOR_SELFTEST = 16 };
enum { MOST_TEXTS = 64 };

struct options {
    /* select: comma-separated words, NULL: all */
    const char *op, *impl, *tier, *place, *precision, *layout, *cache, *timing;
    const char *problem[MOST_TEXTS]; /* -p, repeatable */
    int problem_count;
    const char *problems, *sweep, *preset;
    /* run */
    const char *out;  /* -o */
    double budget_s;  /* 0: the preset's; for the whole run */
    double limit_s;   /* 0: the preset's; longest call that is timed */
    int rounds;       /* 0: the preset's */
    int repeats;      /* 0: the preset's */
    int device;       /* CUDA ordinal */
    int device_given; /* asked for, so that its absence is an error */
    int threads;      /* 0: all cores */
    uint64_t seed;
    const char *resume; /* directory of a run that ended early */
    const char *retry;  /* failed: its problems that have a failed row are done again */
    double timeout_s;   /* 0: usual; that a call, or what prepares it, may take */
    int wait, in_process, busy_ok, energy;
    int dry_run, no_roof, quiet, lines, quick;
    const char *selftest;       /* what came of one before this run; NULL: not told */
    const char *selftest_facts; /* run: the file of it, NULL: none */
    const char *facts;          /* selftest: writes that file */
    int on_cpu;                 /* check: device impls, compiled for the CPU */
    const char *what;           /* list: ops impls problems devices columns flags */
};

/* 0: go on; else the exit status + 1 (help printed: 1; usage error: 3), all said. */
int options_read(struct options *o, int command, int argc, char **argv);

/* The lines of `wheelbench <command> --help`. */
void options_help(int command);

/* `one,two` holds word? NULL holds every word. */
int options_holds(const char *list, const char *word);
#endif
