/* fuzz_reader.c: the readers of results.csv, samples.csv and manifest.json against any bytes, and
 * what is made of them: an input that is taken must keep what everybody relies on. Linked with
 * libFuzzer by the preset `fuzz`, and with a driver of our own by every build
 * (test_fuzz_reader.c). An input holds the three files with a form feed between them. */
#include "scratch.h"
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include "report/stored.h"
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
    }
    check_manifest(&run.manifest);
    stored_close(&run);
    return 0;
}
