/* test_fuzz_reader.c: a short fuzz of fuzz_reader.c for every build and compiler: stored runs, and
 * what becomes of them when bytes, fields and lines are changed, from a seed that stays. A build
 * with sanitizers sees most. FUZZ_RUNS and FUZZ_SEED make it longer or other;
 * `test_fuzz_reader DIR` writes the runs it begins with, for libFuzzer. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "check.h"
#include "store/plain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SEEDS = 4, MOST = 1 << 16, LINES = 12, USUAL_RUNS = 4000 };

static const char *const runs[SEEDS] = {"tests/data/run-cpu-synthetic",
                                        "tests/data/run-gpu-synthetic",
                                        "results/nvidia-h100-80gb-hbm3/20261125T154948Z-db37f79",
                                        "results/amd-epyc/20261125T133156Z-11f9027"};
static struct plain_buffer seeds[SEEDS];
static uint64_t state;

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t draw(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static size_t below(size_t n) { return n ? (size_t)(draw() % n) : 0; }

/* The first lines of a file: enough to read, little to change. */
static void add_file(struct plain_buffer *b, const char *dir, const char *name, int lines)
{
    char path[512], line[4096];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "r");
    for (int i = 0; f && i < lines && fgets(line, sizeof line, f); i++) plain_append_text(b, line);
    if (f) fclose(f);
}

static void read_seeds(void)
{
    for (int i = 0; i < SEEDS; i++) {
        add_file(&seeds[i], runs[i], "results.csv", LINES);
        plain_append(&seeds[i], "\f", 1);
        add_file(&seeds[i], runs[i], "samples.csv", LINES);
        plain_append(&seeds[i], "\f", 1);
        add_file(&seeds[i], runs[i], "manifest.json", MOST);
        CHECK(seeds[i].length > 1000 && seeds[i].length < MOST && !seeds[i].failed);
    }
}

/* What a byte, a field or a line may become. */
static const char *const words[] = {"",
                                    "0",
                                    "-1",
                                    "1e999",
                                    "NaN",
                                    "inf",
                                    "0x10",
                                    "1,5",
                                    "\"",
                                    "\"\"",
                                    "\n",
                                    "\r\n",
                                    ",",
                                    "\f",
                                    "[",
                                    "{",
                                    "]",
                                    "}",
                                    "\\u0000",
                                    "\\ud800",
                                    "\xff",
                                    "\xc2\x9b",
                                    "\033[2J",
                                    "\xef\xbb\xbf",
                                    "ok",
                                    "wrong",
                                    "skipped",
                                    "host",
                                    "cold",
                                    "1",
                                    "99",
                                    "32",
                                    "33",
                                    "complete",
                                    "running",
                                    "18446744073709551616",
                                    "=1+1",
                                    "\xe2\x80\xae",
                                    "null",
                                    "true",
                                    "\"schema\":1,",
                                    "1,2,3"};
enum { WORDS = sizeof words / sizeof *words };

static void splice(char *text, size_t *length, size_t at, size_t cut, const char *in, size_t n)
{
    if (at + cut > *length) cut = *length - at;
    if (*length - cut + n > MOST) return;
    memmove(text + at + n, text + at + cut, *length - at - cut);
    memcpy(text + at, in, n);
    *length += n - cut;
}

/* From `at` to the next comma, quote, line end or blank. */
static size_t field(const char *text, size_t length, size_t at)
{
    size_t n = 0;

    while (at + n < length && !strchr(",\"\n :", text[at + n])) n++;
    return n;
}

static void mutate(char *text, size_t *length)
{
    static char copy[MOST];
    const size_t at = below(*length + 1);
    const char *word = words[below(WORDS)];

    switch (below(7)) {
    case 0:
        if (at < *length) text[at] = (char)(text[at] ^ (1 << below(8)));
        break;
    case 1: splice(text, length, at, below(4), word, strlen(word)); break;
    case 2: splice(text, length, at, field(text, *length, at), word, strlen(word)); break;
    case 3: splice(text, length, at, below(200), "", 0); break;
    case 4: { /* a piece again, elsewhere */
        const size_t n = below(200), from = below(*length + 1);
        const size_t take = from + n > *length ? *length - from : n;
        memcpy(copy, text + from, take);
        splice(text, length, at, 0, copy, take);
        break;
    }
    case 5: *length = below(8) ? *length : at; break; /* torn */
    default: {                                        /* a line of another run */
        const struct plain_buffer *s = &seeds[below(SEEDS)];
        const size_t from = below(s->length), n = below(400);
        splice(text, length, at, below(2) ? 0 : n, s->data + from,
               from + n > s->length ? s->length - from : n);
    }
    }
}

static int write_corpus(const char *dir)
{
    for (int i = 0; i < SEEDS; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/seed-%d", dir, i);
        FILE *f = fopen(path, "wb");
        if (!f || fwrite(seeds[i].data, 1, seeds[i].length, f) != seeds[i].length || fclose(f)) {
            perror(path);
            return 1;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    static char text[MOST];
    const char *count = getenv("FUZZ_RUNS"), *seed = getenv("FUZZ_SEED");
    const long total = count ? atol(count) : USUAL_RUNS;

    CHECK_LOSS("a stored run from a stranger brings the program down");
    read_seeds();
    if (argc > 1) return write_corpus(argv[1]);
    for (int i = 0; i < SEEDS; i++)
        CHECK(!LLVMFuzzerTestOneInput((const uint8_t *)seeds[i].data, seeds[i].length));
    state = seed ? strtoull(seed, NULL, 10) : 1;
    for (long i = 0; i < total; i++) {
        const struct plain_buffer *s = &seeds[below(SEEDS)];
        size_t length = s->length;
        memcpy(text, s->data, length);
        for (size_t n = 1 + below(6); n; n--) mutate(text, &length);
        LLVMFuzzerTestOneInput((const uint8_t *)text, length);
    }
    CHECK(total > 0);
    printf("%ld inputs\n", total);
    for (int i = 0; i < SEEDS; i++) free(seeds[i].data);
    return check_done();
}
