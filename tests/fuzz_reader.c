/* fuzz_reader.c: the readers of results.csv, samples.csv and manifest.json against any bytes, and
 * what is made of them: an input that is taken must keep what everybody relies on. Linked with
 * libFuzzer by the preset `fuzz`, and with a driver of our own by every build
 * (test_fuzz_reader.c). An input holds the three files with a form feed between them. */
#include "scratch.h"
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include "report/compare_print.h"
#include "store/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"results.csv", SAMPLES_NAME, MANIFEST_NAME};
static char dir[600];

/* One that stays from input to input, in memory where there is such a place. */
static void make_dir(void)
{
    if (*dir) return;
    if (!access("/dev/shm", W_OK)) setenv("TMPDIR", "/dev/shm", 1);
    scratch_begin();
    snprintf(dir, sizeof dir, "%s", scratch_dir);
}

static void write_files(const uint8_t *data, size_t size)
{
    for (int i = 0; i < 3; i++) {
        const uint8_t *stop = i < 2 && size ? memchr(data, '\f', size) : NULL;
        const size_t length = stop ? (size_t)(stop - data) : size;
        const int fd = open(scratch_path(names[i]), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (fd < 0 || write(fd, data, length) != (ssize_t)length || close(fd)) abort();
        const size_t used = length + (stop != NULL);
        data += used;
        size -= used;
    }
}

static void must_hold(int holds, int line, const char *what)
{
    if (holds) return;
    fprintf(stderr, "fuzz_reader.c:%d: %s\n", line, what);
    abort();
}
#define must(condition) must_hold((condition) ? 1 : 0, __LINE__, #condition)

/* Printable UTF-8 of one line. */
static void must_be_clean(const char *text)
{
    const size_t length = strlen(text);
    char *clean = malloc(length + 1);

    must(clean && plain_clean(clean, length + 1, text, length) == length && !strcmp(clean, text));
    free(clean);
}

static void check_rows(const struct stored_run *run)
{
    must(run->count <= RESULTS_ROWS_MAX);
    must((size_t)(run->ok + run->skipped + run->wrong + run->failed) == run->count);
    for (size_t i = 0; i < run->count; i++) {
        const struct row *r = &run->rows[i];
        must(!row_check(r));
        for (int c = 0; c < ROW_COLUMNS; c++)
            if (row_columns[c].type == COLUMN_TEXT) must_be_clean(row_text(r, &row_columns[c]));
        for (int k = 0; k < r->sample_count; k++) must(r->sample[k].row == (double)(i + 1));
        if (i > 40) continue; /* each looks at all others */
        const struct row *rival = derive_rival(run->rows, run->count, r);
        const struct ratio q = derive_ratio(r, rival);
        must(!rival || derive_usable(rival));
        must(isnan(q.lo) || q.lo <= q.hi);
    }
}

static void check_manifest(const struct manifest *m)
{
    for (int i = 0; i < m->count; i++) {
        const struct manifest_entry *e = &m->entries[i];
        const struct manifest_value *v;
        must_be_clean(e->key);
        const int n = manifest_list(m, e->group, e->key, &v);
        must(n == (e->form == MANIFEST_GROUP ? -1 : e->count));
        for (int k = 0; k < n; k++) must_be_clean(v[k].text);
    }
}

/* What goes to the terminal: lines of clean text. */
static void must_print_clean(struct plain_buffer *text)
{
    plain_append(text, "", 1);
    must(!text->failed);
    for (char *line = text->data, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = 0;
        must_be_clean(line);
    }
    free(text->data);
    *text = (struct plain_buffer){0};
}

/* A run against another, both ways, and by itself. */
static void check_compare(struct stored_run *run)
{
    static struct stored_run other;
    static int opened;
    if (!opened++) stored_open(&other, "tests/data/run-gpu-synthetic"); /* else it has no rows */

    struct side side[2];
    side_of(&side[0], run, 1);
    side_of(&side[1], &other, 1);
    for (int i = 0; i < 6; i++) {
        const struct compare_request request = {.threshold_pct = NAN,
                                                .mode = i < 3 ? COMPARE_GUESS : COMPARE_HARDWARE};
        const struct compare_view view = {.format = (enum compare_format)(i % 3), .all = 1};
        const struct side *a = &side[i == 1 || i == 4], *b = &side[i % 3 != 1 && i != 0];
        struct comparison c;
        struct plain_buffer text = {0};
        int no_row;
        side[0].host_only = i == 2; /* its host rows alone: one side, and two */
        const char *why = compare_begin(&c, a, b, &request, &no_row);
        if (why) must_be_clean(why);
        else compare_print(&c, &view, &text);
        for (size_t k = 0; k < c.count && !why; k++)
            must(isnan(c.cells[k].q.ratio) || (c.cells[k].q.ratio > 0 && c.cells[k].n >= 0));
        must_print_clean(&text);
        compare_end(&c);
        if (i > 2) continue;
        struct compare_ladder l;
        if (!compare_ladder_begin(&l, &side[0], &request.filter, 1, &no_row))
            compare_impl_print(&l, &view, &text);
        must_print_clean(&text);
        compare_ladder_end(&l);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct stored_run run;

    make_dir();
    write_files(data, size);
    const char *why = stored_open(&run, dir);
    if (why) must_be_clean(why);
    else {
        check_rows(&run);
        must_be_clean(run.footer);
        if (run.count < 200) check_compare(&run);
    }
    check_manifest(&run.manifest);
    stored_close(&run);
    return 0;
}
