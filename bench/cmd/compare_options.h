/* compare_options.h: the options of compare, spelled once: parser and help read one table. */
#ifndef WHEELBENCH_COMPARE_OPTIONS_H
#define WHEELBENCH_COMPARE_OPTIONS_H
#include "report/compare_print.h"

struct compare_options {
    struct compare_request request;
    struct compare_view view;
    const char *out; /* NULL: stdout */
    int plot;        /* the figure, too */
    int fail_on[VERDICTS];
    int fail_on_given, strict;
    const char *side[2]; /* [1] NULL: one side */
};

/* 0: go on; else the exit status + 1 (help printed: 1; usage error: 3), all said. */
int compare_options_read(struct compare_options *o, int argc, char **argv);
#endif
