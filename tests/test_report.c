/* test_report: the parts of the report page: escapes, the hash of the policy, who won, and a page
 * that would grow too large. */
#include "scratch.h"
#include "check.h"
#include "report/figure_words.h"
#include "report/html_page.h"
#include "report/page_parts.h"
#include "report/summary.h"
#include "store/results.h"

static struct plain_buffer buffer;

static const char *text_of(struct plain_buffer *b)
{
    plain_append(b, "", 1);
    return b->data;
}

static void start(void)
{
    free(buffer.data);
    buffer = (struct plain_buffer){0};
}

static void test_escapes(void)
{
    CHECK_LOSS("a text of a shared result becomes part of the page");
    start();
    html_text(&buffer, "<script>&amp;\"'</pre>");
    CHECK_STR(text_of(&buffer), "&lt;script&gt;&amp;amp;\"'&lt;/pre&gt;");
    start();
    html_attribute(&buffer, "x\" onload='1'\n<&>");
    CHECK_STR(text_of(&buffer), "x&quot; onload=&#39;1&#39; &lt;&amp;&gt;");
    CHECK_LOSS("a text turns the page around, or a terminal's command is kept");
    start();
    html_text(&buffer,
              "a\x1b[31m\tb\nc\x7f \xc2\x9b d\xe2\x80\xae e\xe2\x81\xa6 \xff\xc3( \xed\xa0\x80µ³");
    CHECK_STR(text_of(&buffer), "a [31m b\nc    d e ?"
                                "?( ?"
                                "?"
                                "?µ³");
    start();
    html_put(&buffer, "<b title=\"%a\">%t</b> %d %g%% 5 % %r|%g", "\"", "<", 7, 2.5, "<i>", NAN);
    CHECK_STR(text_of(&buffer), "<b title=\"&quot;\">&lt;</b> 7 2.5% 5 % <i>|");
}

static void test_base64(void)
{
    /* RFC 4648, section 10 */
    static const char *const known[][2] = {{"", ""},
                                           {"66", "Zg=="},
                                           {"666F", "Zm8="},
                                           {"666f6f", "Zm9v"},
                                           {"666f6f62", "Zm9vYg=="},
                                           {"666f6f6261", "Zm9vYmE="},
                                           {"666f6f626172", "Zm9vYmFy"},
                                           {"fbefff", "++//"}};
    char to[64];

    CHECK_LOSS("the page's own script is refused by its own policy");
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        CHECK(html_base64(known[i][0], to, sizeof to) == 0);
        CHECK_STR(to, known[i][1]);
    }
    CHECK(html_base64("666", to, sizeof to) == -1 && html_base64("6x", to, sizeof to) == -1);
    CHECK(html_base64("666f6f", to, 4) == -1 && html_base64("666f6f", to, 5) == 0);
    CHECK(strlen(page_js_sha256) == 64 && html_base64(page_js_sha256, to, sizeof to) == 0);
}

/* ---- runs made here ---- */

static struct row row_of(const char *shape, const char *impl, const char *tier, double t)
{
    struct row r;

    row_clear(&r);
    strcpy(r.run, "made"), strcpy(r.device, "d"), strcpy(r.op, "gemm"), strcpy(r.layout, "nn");
    strcpy(r.precision, "f32"), strcpy(r.place, "host"), strcpy(r.cache, "cold");
    strcpy(r.timing, "host"), strcpy(r.status, "ok");
    snprintf(r.shape, sizeof r.shape, "%s", shape);
    snprintf(r.impl, sizeof r.impl, "%s", impl);
    snprintf(r.tier, sizeof r.tier, "%s", tier);
    r.t_med_us = t, r.sloc = 9, r.flop = 1e6, r.bytes = 1e4;
    return r;
}

static void test_duels(void)
{
    struct row rows[] = {
        row_of("1x1x1", "a", "naive", 50),  row_of("1x1x1", "b", "tuned", 8),
        row_of("1x1x1", "l", "library", 9), row_of("1x1x1", "m", "library", 10),
        row_of("2x2x2", "a", "naive", 20),  row_of("2x2x2", "l", "library", 10),
        row_of("3x3x3", "a", "naive", 20), /* no library: no duel */
        row_of("4x4x4", "a", "naive", 20),  row_of("4x4x4", "l", "library", 30),
    };
    const struct stored_run run = {.rows = rows, .count = sizeof rows / sizeof rows[0]};
    struct duel duels[9];

    CHECK_LOSS("the page claims wins that were none, or hides some");
    strcpy(rows[7].cache, "hot"), strcpy(rows[8].cache, "hot"); /* only cold ones count */
    CHECK(summary_duels(&run, "host", duels, 9) == 2);
    CHECK(duels[0].best == &rows[1] && duels[0].rival == &rows[2]);
    CHECK(duel_end(&duels[0]) == DUEL_WON && duel_end(&duels[1]) == DUEL_LOST);
    CHECK(summary_duels(&run, "device", duels, 9) == 0);
    CHECK(summary_duels(&run, "host", duels, 1) == 1);
    duels[0].ratio.lo = 0.8, duels[0].ratio.hi = 1.01;
    CHECK(duel_end(&duels[0]) == DUEL_EVEN);
    duels[0].ratio.hi = 0.99;
    CHECK(duel_end(&duels[0]) == DUEL_WON);
}

/* Writes a run of so many rows, each with an algo of that length; returns its directory. */
static const char *make_run(const char *name, int count, int length)
{
    static char dir[600];
    static struct durable d;
    struct manifest_writer m;
    struct row *rows = malloc((size_t)count * sizeof *rows);

    for (int i = 0; i < count; i++) {
        char shape[32];
        snprintf(shape, sizeof shape, "%dx1x1", i + 1);
        rows[i] = row_of(shape, "gemm_x", "naive", 1);
        memset(rows[i].algo, '&', (size_t)length); /* each becomes five bytes */
    }
    snprintf(dir, sizeof dir, "%s/%s", scratch_dir, name);
    mkdir(dir, 0777);
    manifest_begin(&m);
    manifest_put_text(&m, "state", "complete");
    CHECK_OK(manifest_save(&m, dir));
    CHECK_OK(results_create(&d, dir));
    CHECK_OK(results_append(&d, rows, count));
    CHECK_OK(durable_close(&d));
    free(rows);
    return dir;
}

/* The page of a run, NUL behind it, or NULL and why not. */
static char *page_of(const char *dir, const char **why)
{
    static struct stored_run run;
    struct html_page page = {.runs = &run, .count = 1};

    *why = stored_open(&run, dir);
    if (!*why) *why = html_page_write(&page);
    text_of(&page.out);
    stored_close(&run);
    if (!*why) return page.out.data;
    free(page.out.data);
    return NULL;
}

static void test_size(void)
{
    const char *why;
    char *page = page_of(make_run("small", 3, 10), &why);

    CHECK_LOSS("a run of many rows has no page, or one that no one can send");
    CHECK_OK(why);
    CHECK(page && strstr(page, "gemm,f32,nn,3x1x1") && !strstr(page, "would make this page"));
    free(page);
    page = page_of(make_run("large", 1200, 150), &why);
    CHECK_OK(why);
    CHECK(page && strlen(page) <= PAGE_BYTES_MAX && strlen(page) > PAGE_BYTES_MAX - 5000);
    CHECK(page && strstr(page, "would make this page too large") && strstr(page, "1200x1x1\">"));
    CHECK(page && strstr(page, "</html>\n"));
    free(page);
    CHECK(!page_of(make_run("huge", 4000, 150), &why));
    CHECK(strstr(why, "MB, the limit is 2 MB: report fewer runs at once") != NULL);
}

static void test_figure_words(void)
{
    char data[] =
        "# wheelbench plotdata 1 ladder\n# meta\ntitle\tWhy?\nsubtitle\tA machine.\n\n\n"
        "# head\n# x y text\n0.1\t0.9\tleft\n0.5\t0.9\tright\n0.1\t0.4\tbelow\n\n\n"
        "# note\n# x y text\n0.1\t0.8\t4096³\n0.1\t0.7\t1 h\n0.1\t0.3\tcold\n"
        "-1\t-1\t-\n0.9\t0.5\tno head above\nno numbers\n\n\n# mark\n# x y slot\n1\t2\t3\n";
    char bare[] = "# meta\nsubtitle\tA machine.";

    CHECK_LOSS("who cannot see a figure is not told what it shows");
    start();
    figure_words(&buffer, data);
    CHECK_STR(buffer.data, "A machine.  Panels: left (4096³; 1 h); right; below (cold)");
    start();
    figure_words(&buffer, bare);
    CHECK_STR(buffer.data, "A machine.");
}

int main(void)
{
    scratch_begin();
    test_escapes();
    test_base64();
    test_duels();
    test_size();
    test_figure_words();
    free(buffer.data);
    return check_done();
}
