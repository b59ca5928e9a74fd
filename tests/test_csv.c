/* test_csv.c: fields, lines and numbers of CSV files, and the one line of failure text. */
#include "scratch.h"
#include <locale.h>
#include "check.h"
#include "fail.h"
#include "store/csv.h"

static void writes(const char *text, const char *want)
{
    struct plain_buffer b = {0};

    csv_append(&b, text);
    plain_append(&b, "", 1);
    CHECK_STR(b.data, want);
    free(b.data);
}

static void test_append(void)
{
    CHECK_LOSS("the columns behind a reason with a comma or quote are shifted");
    writes("plain", "plain");
    writes("", "");
    writes("a,b", "\"a,b\"");
    writes("say \"no\"", "\"say \"\"no\"\"\"");
    writes("\"", "\"\"\"\"");
    CHECK_LOSS("a row takes two lines, or a terminal runs an escape sequence");
    writes("two\nlines\r\n", "two lines  ");
    writes("\033[31mred\x7f", " [31mred ");
    writes("c1 \xc2\x9b[31m", "c1  [31m");
    CHECK_LOSS("a reader that expects UTF-8 refuses the whole file");
    writes("\xff\xc3.", "??.");
    writes("\xed\xa0\x80 \xc0\xaf \xf4\x90\x80\x80", "??? ?? ????");
    writes("\xf0\x9f\x98\x80 \xe2\x80\x8f caf\xc3\xa9",
           "\xf0\x9f\x98\x80 \xe2\x80\x8f caf\xc3\xa9");
    writes("cut \xf0\x9f\x98", "cut ???");
    CHECK_LOSS("opening results.csv in a spreadsheet runs a formula from a device name");
    writes("=HYPERLINK(1)", "_HYPERLINK(1)");
    writes("+1", "_1");
    writes("-1", "_1");
    writes("@a,b", "\"_a,b\"");
    writes("a=b", "a=b");
}

/* The fields of a line joined by |, or what is wrong with it. */
static const char *fields_of(const char *text)
{
    static char line[256], joined[256];
    char *at = line, *field;

    snprintf(line, sizeof line, "%s", text);
    *joined = 0;
    while (at) {
        const char *why = csv_field(&at, &field);
        if (why) return why;
        strcat(strcat(joined, field), at ? "|" : "");
    }
    return joined;
}

static void test_fields(void)
{
    CHECK_LOSS("a stored run is misread");
    CHECK_STR(fields_of("a,b,c"), "a|b|c");
    CHECK_STR(fields_of(""), "");
    CHECK_STR(fields_of(",,"), "||");
    CHECK_STR(fields_of("\"a,b\",\"\",\"x\"\"y\""), "a,b||x\"y");
    CHECK_STR(fields_of("\"\"\"\""), "\"");
    CHECK_STR(fields_of("a,\"b"), "the quote at the start of a field is never closed");
    CHECK_STR(fields_of("\""), "the quote at the start of a field is never closed");
    CHECK_STR(fields_of("\"a\"b"), "text behind a closing quote");
    CHECK_STR(fields_of("a\"b"), "a quote inside a field that does not start with one");
}

static const char *first_line(const char *path, char **line, struct csv_reader *r)
{
    const char *why = csv_open(r, path);

    return why ? why : csv_line(r, line);
}

static void test_lines(void)
{
    struct csv_reader r;
    char *line;

    CHECK_LOSS("a file edited on Windows cannot be read");
    CHECK_OK(first_line(scratch_write("crlf",
                                      "\xef\xbb\xbf"
                                      "a,b\r\n\r\nlast",
                                      14),
                        &line, &r));
    CHECK_STR(line, "a,b");
    CHECK_OK(csv_line(&r, &line));
    CHECK_STR(line, "");
    CHECK(!r.torn);
    CHECK_OK(csv_line(&r, &line));
    CHECK_STR(line, "last");
    CHECK(r.torn && r.line == 3);
    CHECK_OK(csv_line(&r, &line));
    CHECK(!line);
    csv_close(&r);

    CHECK_OK(first_line(scratch_write("empty", "", 0), &line, &r));
    CHECK(!line);
    csv_close(&r);
    CHECK_FAILS(first_line(scratch_write("nul", "a\0b\n", 4), &line, &r), "nul:1: a NUL byte");
    csv_close(&r);
}

static void test_long_lines(void)
{
    const size_t room = 3 * (size_t)CSV_LINE_MAX;
    char *data = malloc(room), *line;
    struct csv_reader r;

    CHECK_LOSS("a line without end takes all memory");
    memset(data, 'x', room);
    data[0] = '\n';
    data[CSV_LINE_MAX] = '\n'; /* the second line and its end: just the limit */
    CHECK_OK(first_line(scratch_write("long", data, room), &line, &r));
    CHECK_OK(csv_line(&r, &line));
    CHECK(line && strlen(line) == CSV_LINE_MAX - 1);
    CHECK_FAILS(csv_line(&r, &line), "long:3: the line is longer than 1048576 bytes");
    CHECK(r.size <= 4 * (size_t)CSV_LINE_MAX);
    csv_close(&r);
    data[CSV_LINE_MAX] = 'x';
    data[CSV_LINE_MAX + 1] = '\n';
    CHECK_OK(first_line(scratch_write("long", data, room), &line, &r));
    CHECK_FAILS(csv_line(&r, &line), "long:2: the line is longer");
    csv_close(&r);
    free(data);
}

static void test_paths(void)
{
    struct csv_reader r;
    char *line;

    CHECK_LOSS("a mistyped path hangs or says nothing");
    CHECK_FAILS(first_line(scratch_path("nowhere"), &line, &r), "No such file");
    csv_close(&r);
    CHECK_FAILS(first_line(scratch_dir, &line, &r), "is a directory");
    csv_close(&r);
    CHECK(!mkfifo(scratch_path("fifo"), 0600));
    CHECK_FAILS(first_line(scratch_path("fifo"), &line, &r), "no regular file");
    csv_close(&r);
    CHECK_FAILS(first_line("/dev/zero", &line, &r), "no regular file");
    csv_close(&r);
}

static const char *real(const char *format, double v)
{
    static char text[400];

    plain_from_real(text, sizeof text, format, v);
    return text;
}

static void test_numbers(void)
{
    static const char *const good[] = {"0", "-0.5", "12", "1.25", "1e3", "1.5E-3", "2e+10", "007"};
    static const double values[] = {0, -0.5, 12, 1.25, 1000, 0.0015, 2e10, 7};
    static const char *const bad[] = {"",      " 1",  "1 ",    "+1",    "0x10",     "NaN", "nan",
                                      "inf",   "1,5", "1e999", "1.",    ".5",       "1e",  "-",
                                      "1.5.2", "1e+", "--1",   "1_000", "infinity", "1p3", "1d5"};
    double v;

    CHECK_LOSS("times are off by a factor of a million, or the comma of the locale breaks columns");
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        CHECK(plain_to_real(good[i], &v));
        CHECK_NEAR(v, values[i], 0);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (!CHECK(!plain_to_real(bad[i], &v))) printf("    '%s' was taken\n", bad[i]);
    CHECK(plain_to_count("1099511627776", &v) && v == 1099511627776.0);
    CHECK(!plain_to_count("-1", &v) && !plain_to_count("1.0", &v) && !plain_to_count("1e3", &v));
    CHECK_STR(real("%.7g", 1432.57), "1432.57");
    CHECK_STR(real("%.3e", 0.0041), "4.100e-03");
    CHECK_STR(real("%.0f", 1099511627776.0), "1099511627776");
}

static void test_fail_text(void)
{
    char longer[3000];

    CHECK_LOSS("a reason breaks the terminal, the CSV, or is lost when it is wrapped");
    CHECK_STR(fail_text("a %s\033[0m\n\x7f", "b"), "a b [0m  ");
    CHECK_STR(fail_text("outer: %s", fail_text("inner %d", 7)), "outer: inner 7");
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    memcpy(longer + 1022, "\xc3\xa9", 2); /* byte 1023 is the NUL: the cut falls inside the e */
    CHECK(strlen(fail_text("%s", longer)) == 1022);
    CHECK_STR(fail_text("%s", "%n%s"), "%n%s");
    CHECK_STR(fail_text("'%.2s' \x9b \xc2\x9b", "a\xc3\xa9"), "'a?' ?  ");
}

int main(void)
{
    /* A decimal comma where the system knows one; elsewhere the C locale shows the same. */
    static const char *const locales[] = {"C", "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"};

    scratch_begin();
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        if (!setlocale(LC_ALL, locales[i])) continue;
        printf("locale %s\n", locales[i]);
        test_numbers();
    }
    setlocale(LC_ALL, "C");
    test_append();
    test_fields();
    test_lines();
    test_long_lines();
    test_paths();
    test_fail_text();
    return check_done();
}
