/* plots.h: what tests of figures share: commands run as main would, runs made of rows, and what a
 * picture must be. Include it first, as scratch.h. */
#ifndef WHEELBENCH_PLOTS_H
#define WHEELBENCH_PLOTS_H
#include "scratch.h"
#include <fcntl.h>
#include <stdarg.h>
#include "check.h"
#include "cmd/commands.h"
#include "store/manifest.h"
#include "store/results.h"

/* Runs a command as main would, with its stderr in said[]. */
static char said[16384];
static inline int run(int (*command)(int, char **), ...)
{
    char *argv[24];
    int argc = 0;
    size_t length;
    va_list more;

    va_start(more, command);
    while ((argv[argc] = va_arg(more, char *))) argc++;
    va_end(more);
    fflush(NULL);
    const int out = dup(1), err = dup(2);
    const int quiet = open("/dev/null", O_WRONLY);
    const int file = open(scratch_path("stderr"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    dup2(quiet, 1), dup2(file, 2);
    const int status = command(argc, argv);
    fflush(NULL);
    dup2(out, 1), dup2(err, 2);
    close(out), close(err), close(quiet), close(file);
    char *text = scratch_read(scratch_path("stderr"), &length);
    snprintf(said, sizeof said, "%s", text ? text : "");
    free(text);
    return status;
}

static inline int holds(const char *path, const char *words)
{
    size_t length;
    char *text = scratch_read(path, &length);
    const int found = text && length && strstr(text, words);

    free(text);
    return found;
}

static inline int is_filled(const char *path)
{
    struct stat s;

    return !stat(path, &s) && s.st_size > 0;
}

/* What XML forbids in an SVG of ours: control characters and a CDATA that ends early; and, where
 * xmllint is there, all else. */
static inline int is_xml(const char *path)
{
    char line[2048];
    size_t length;
    char *text = scratch_read(path, &length);
    int ok = text && strlen(text) == length && strstr(text, "</svg>");

    for (size_t i = 0; ok && i < length; i++)
        ok = (unsigned char)text[i] >= ' ' || strchr("\n\t\r", text[i]);
    free(text);
    snprintf(line, sizeof line, "command -v xmllint >/dev/null || exit 0; xmllint --noout '%s' >&2",
             path);
    return ok && !system(line);
}

/* Texts that a shared result could hold; the last stands for one of 4 kB. */
static const char *const hostile_texts[] = {
    "a\"b\\101 `touch broke-out` $(touch broke-out) \1",
    "]]> ]]>]]> <script>alert(1)</script> <img onerror=x> </pre> &amp; & %n%s %d",
    "{/=90 x} ^a_b @c ~d{e} # cut | end -->",
    "\x1b[31m red \xff\xfe\xc3( \xed\xa0\x80 \xe2\x80\xae turned",
    "\"; system('touch broke-out'); \"",
    "=HYPERLINK(1)",
    "'.system(\"touch broke-out\").'",
    NULL};
enum { HOSTILE = sizeof hostile_texts / sizeof hostile_texts[0] };

static inline const char *hostile(size_t i)
{
    static char longer[4096];

    memset(longer, 'w', sizeof longer - 1);
    return hostile_texts[i] ? hostile_texts[i] : longer;
}

/* A usable row of gemm f32 on the host. */
static inline struct row row_of(const char *impl, const char *tier, double t, double lines)
{
    struct row r;

    row_clear(&r);
    strcpy(r.run, "made"), strcpy(r.device, "d"), strcpy(r.op, "gemm"), strcpy(r.layout, "nn");
    strcpy(r.precision, "f32"), strcpy(r.shape, "64x64x64"), strcpy(r.place, "host");
    strcpy(r.cache, "cold"), strcpy(r.timing, "host"), strcpy(r.status, "ok");
    snprintf(r.impl, sizeof r.impl, "%.47s", impl);
    snprintf(r.tier, sizeof r.tier, "%.11s", tier);
    r.t_med_us = t, r.sloc = lines, r.flop = 2. * 64 * 64 * 64, r.bytes = 49152;
    return r;
}

static double threads; /* of the host; 0: the manifest does not say */

/* Writes a run of these rows into dir, whose manifest also has what `more` puts into it. */
typedef void put_more(struct manifest_writer *m);
static inline void make_run_in(const char *dir, const char *cpu, put_more *more,
                               const struct row *rows, int count)
{
    struct manifest_writer m;
    static struct durable w;
    const char *tags[] = {cpu};

    mkdir(dir, 0777);
    manifest_begin(&m);
    manifest_put_text(&m, "state", "complete");
    manifest_put_texts(&m, "tags", tags, 1);
    manifest_group(&m, "host");
    manifest_put_text(&m, "cpu", cpu);
    if (threads > 0) manifest_put_number(&m, "threads", threads);
    if (more) more(&m);
    CHECK_OK(manifest_save(&m, dir));
    CHECK_OK(results_create(&w, dir));
    CHECK_OK(results_append(&w, rows, count));
    CHECK_OK(durable_close(&w));
}

/* The same in the scratch directory; returns its directory. */
static inline char *make_run(const char *name, const char *cpu, const struct row *rows, int count)
{
    static char dir[600];

    snprintf(dir, sizeof dir, "%s/%s", scratch_dir, name);
    make_run_in(dir, cpu, NULL, rows, count);
    return dir;
}

/* Draws one figure as SVG alone, which is where a name could do harm. */
static inline void plot_svg(const char *dir, const char *figure)
{
    char folder[700], out[800];

    snprintf(folder, sizeof folder, "%s/out", dir);
    CHECK(run(cmd_plot, "plot", dir, "--figure", figure, "-o", folder, "--format", "svg", NULL) ==
          EXIT_DONE);
    CHECK_STR(said, "");
    snprintf(out, sizeof out, "%s/%s.svg", folder, figure);
    CHECK(is_xml(out));
}

/* Draws one figure in all formats without a word; returns its SVG. */
static inline char *plot_figure(const char *dir, const char *figure)
{
    static const char *const formats[] = {"svg", "png", "txt", "dat"};
    static char out[800];
    char folder[700];

    snprintf(folder, sizeof folder, "%s/out", dir);
    CHECK(run(cmd_plot, "plot", dir, "--figure", figure, "-o", folder, "--format", "svg,png,txt",
              NULL) == EXIT_DONE);
    CHECK_STR(said, "");
    for (int i = 0; i < 4; i++) {
        snprintf(out, sizeof out, "%s/%s.%s", folder, figure, formats[i]);
        CHECK(is_filled(out));
    }
    snprintf(out, sizeof out, "%s/%s.svg", folder, figure);
    CHECK(is_xml(out));
    return out;
}
/* ---- runs of several processors ---- */

/* gemm rows of a GPU: a naive kernel and a library, times known to 1 %. */
static inline int gpu_rows(struct row rows[], const char *slug, double naive, double library)
{
    const double t[] = {naive, library};

    for (int i = 0; i < 2; i++) {
        struct row *r = &rows[i];
        *r = row_of(i ? "gemm_lib" : "gemm_naive", i ? "library" : "naive", t[i], 20);
        snprintf(r->device, sizeof r->device, "%.90s", slug);
        strcpy(r->place, "device"), strcpy(r->timing, "batch");
        r->t_ci_lo_us = 0.995 * t[i], r->t_ci_hi_us = 1.005 * t[i];
    }
    return 2;
}

static double gbs = 100; /* of the roof that put_device writes */
static const char *device_name;
static inline void put_device(struct manifest_writer *m)
{
    manifest_group(m, "device");
    manifest_put_text(m, "slug", device_name);
    manifest_put_text(m, "name", device_name);
    manifest_group(m, "roof_device");
    manifest_put_number(m, "gbs", gbs);
    manifest_put_number(m, "gflops_f32", 1000);
}

/* A run in <scratch>/<set>/<slug>/<run>, as below results/. */
static inline char *gpu_run(const char *set, const char *slug, const char *name,
                            const struct row *rows, int count)
{
    static char dirs[8][700];
    static int next;
    char *dir = dirs[next++ % 8];

    snprintf(dir, sizeof dirs[0], "%s/%s", scratch_dir, set);
    mkdir(dir, 0777);
    snprintf(dir, sizeof dirs[0], "%s/%s/%s", scratch_dir, set, slug);
    mkdir(dir, 0777);
    snprintf(dir, sizeof dirs[0], "%s/%s/%s/%s", scratch_dir, set, slug, name);
    device_name = slug;
    make_run_in(dir, "made up", put_device, rows, count);
    return dir;
}
#endif
