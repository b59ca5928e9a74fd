/* compare.c: `wheelbench compare A [B]`: from files alone, on any machine. What is compared, and
 * what may be said of it, is in report/compare.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmd/commands.h"
#include "cmd/compare_options.h"
#include "fail.h"
#include "report/figures.h"
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

/* "<A>+<B>" of the first run of each side, with how many more there are. */
static void name_dir(const struct comparison *c, char *to, size_t n)
{
    snprintf(to, n, "out/");
    for (int s = 0; s < 2; s++) {
        const size_t used = strlen(to);
        snprintf(to + used, n - used, "%s%s", s ? "+" : "", c->side[s]->runs[0].id);
        if (c->side[s]->count > 1)
            snprintf(to + strlen(to), n - strlen(to), "+%d", c->side[s]->count - 1);
    }
}

/* The figure, as `plot --figure compare` draws it. 0: drawn, its pictures named in `to`. */
static int draw(const struct comparison *c, FILE *to)
{
    static const char *const formats[] = {"svg", "png", NULL};
    const char *why = NULL;
    char dir[640];

    name_dir(c, dir, sizeof dir);
    const enum figure_result got = figures_draw_comparison(c, dir, formats, &why);
    for (size_t i = 0; formats[i] && got == FIGURE_DRAWN; i++)
        fprintf(to, "%s/compare.%s\n", dir, formats[i]);
    if (got != FIGURE_DRAWN) fprintf(stderr, "wheelbench: %s\n", why);
    if (got == FIGURE_NO_GNUPLOT)
        fprintf(stderr, "wheelbench: the data are in %s/compare.dat\n", dir);
    return got != FIGURE_DRAWN;
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
        *status = EXIT_ENVIRONMENT;
        why = write_out(text, o->out);
    }
    if (!why) {
        const int piped = o->view.format == COMPARE_CSV && !o->out; /* to a program */
        *status = exit_status(o, c.verdicts, c.mode == COMPARE_REGRESSION);
        if (o->plot && draw(&c, piped ? stderr : stdout) && *status == EXIT_DONE)
            *status = EXIT_ENVIRONMENT;
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
        *status = EXIT_ENVIRONMENT;
        why = write_out(text, o->out);
    }
    if (!why) *status = exit_status(o, l.verdicts, 0);
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
    if (why) fprintf(stderr, "wheelbench: %s\n", why);
    for (int i = 0; i < 2; i++) side_close(&side[i]);
    free(text.data);
    return status;
}
