/* compare.c: `wheelbench compare A [B]`: from files alone, on any machine. What is compared, and
 * what may be said of it, is in report/compare.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmd/commands.h"
#include "cmd/compare_options.h"
#include "fail.h"
#include "store/file.h"

static const char root[] = "results";

/* To stdout, or whole or not at all into the file. */
static const char *write_out(const struct plain_buffer *text, const char *out)
{
    char dir[4096];

    if (text->failed) return "out of memory";
    if (!out) {
        fwrite(text->data, 1, text->length, stdout);
        return fflush(stdout) ? "cannot write to stdout" : NULL;
    }
    const char *slash = strrchr(out, '/');
    if (slash && slash - out >= (long)sizeof dir) return "the path of -o is too long";
    snprintf(dir, sizeof dir, "%.*s", slash ? (int)(slash - out) : 1, slash ? out : ".");
    return file_save(slash == out ? "/" : dir, slash ? slash + 1 : out, text->data, text->length);
}

static int exit_status(const struct compare_options *o, const size_t verdicts[VERDICTS],
                       int regression)
{
    for (int v = 0; v < VERDICTS; v++) {
        const int fails =
            o->fail_on_given ? o->fail_on[v] : regression && (v == SLOWER || v == BROKEN);
        if (fails && verdicts[v]) return EXIT_REGRESSION;
    }
    return o->strict && verdicts[UNSURE] ? EXIT_UNDECIDED : EXIT_DONE;
}

/* Two sides. NULL, or why not; then *status is the exit status. */
static const char *two(const struct compare_options *o, const struct side side[2],
                       struct plain_buffer *text, int *status)
{
    struct comparison c;
    int no_row;
    const char *why = compare_begin(&c, &side[0], &side[1], &o->request, &no_row);

    *status = no_row ? EXIT_USAGE : EXIT_ENVIRONMENT;
    if (!why) {
        compare_print(&c, &o->view, text);
        *status = exit_status(o, c.verdicts, c.mode == COMPARE_REGRESSION);
    }
    compare_end(&c);
    return why;
}

static const char *one(const struct compare_options *o, const struct side *side,
                       struct plain_buffer *text, int *status)
{
    struct compare_ladder l;
    int no_row, all = o->view.all;

    /* Who asks for a mode gets it. */
    for (int i = 0; i < FILTER_COLUMNS; i++)
        all |= o->request.filter.list[i] &&
               (!strcmp(filter_columns[i], "cache") || !strcmp(filter_columns[i], "timing"));
    const char *why = compare_ladder_begin(&l, side, &o->request.filter, all, &no_row);
    *status = no_row ? EXIT_USAGE : EXIT_ENVIRONMENT;
    if (!why) {
        compare_impl_print(&l, &o->view, text);
        *status = exit_status(o, l.verdicts, 0);
    }
    compare_ladder_end(&l);
    return why;
}

int cmd_compare(int argc, char **argv)
{
    struct compare_options o;
    struct side side[2] = {{0}};
    struct plain_buffer text = {0};
    int status = compare_options_read(&o, argc, argv);

    if (status) return status - 1;
    status = EXIT_ENVIRONMENT;
    const char *why = side_open(&side[0], o.side[0], root);
    if (!why && o.side[1]) why = side_open(&side[1], o.side[1], root);
    if (!why) why = o.side[1] ? two(&o, side, &text, &status) : one(&o, &side[0], &text, &status);
    if (!why && (why = write_out(&text, o.out))) status = EXIT_ENVIRONMENT;
    if (why) fprintf(stderr, "wheelbench: %s\n", why);
    for (int i = 0; i < 2; i++) side_close(&side[i]);
    free(text.data);
    return status;
}
