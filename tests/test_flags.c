/* test_flags.c: each flag just inside and just outside its limit, and that the words about flags
 * agree wherever they stand. */
#include "scratch.h"
#include "check.h"
#include "measure/flags.h"
#include "report/words.h"

/* A cell without a remark. */
static struct stats quiet = {.n = 10,
                             .median = 1000,
                             .min = 990,
                             .ci_lo = 998,
                             .ci_hi = 1002,
                             .ci_pct = 0.2,
                             .mad = 1,
                             .drift_pct = 0.1,
                             .iqr_pct = 0.5};
static struct stats s;
static struct flag_facts f;

static void reset(void)
{
    s = quiet;
    f = (struct flag_facts){.place = DEVICE,
                            .stats = &s,
                            .launch_us = 2,
                            .other_us = NAN,
                            .roof_us = NAN,
                            .dram_us = NAN,
                            .set_bytes = 1e6,
                            .cache_bytes = 5e7,
                            .stolen_pct = NAN,
                            .cap_pct = NAN,
                            .energy_halves_pct = NAN,
                            .energy_power_pct = NAN,
                            .sm_mhz = 1950,
                            .sm_max_mhz = 1980,
                            .clock_spread_pct = 0.5};
}

static const char *flags(const char *verdict)
{
    static char text[128];

    flags_write(&f, verdict, text, sizeof text);
    return text;
}

#define GOLDEN(change, want)                                                                       \
    do {                                                                                           \
        reset();                                                                                   \
        change;                                                                                    \
        CHECK_STR(flags(""), want);                                                                \
    } while (0)

static void limits(void)
{
    CHECK_LOSS("the warning on a number that should not be trusted, or the trust in a good one");
    GOLDEN((void)0, "");
    GOLDEN(f.tune_close = 1, "TUNE_CLOSE");
    GOLDEN(s.iqr_pct = 2, "");
    GOLDEN(s.iqr_pct = 2.01, "NOISY");
    GOLDEN((s.iqr_pct = 4.9, f.isolated = 1), "");
    GOLDEN((s.iqr_pct = 5.1, f.isolated = 1), "NOISY");
    GOLDEN((f.exposed = 1, f.isolated = 1), "EXPOSED");
    GOLDEN((f.energy_halves_pct = 2.9, f.energy_power_pct = 9.9), "");
    GOLDEN(f.energy_halves_pct = 3.1, "ENERGY");
    GOLDEN(f.energy_power_pct = 10.1, "ENERGY");
    GOLDEN(f.energy_power_pct = NAN, "");
    GOLDEN(s.drift_pct = -0.99, "");
    GOLDEN(s.drift_pct = -1.01, "DRIFT");
    GOLDEN((s.ci_pct = 0.5, s.drift_pct = 1.49), ""); /* within the noise of the slope */
    GOLDEN((s.ci_pct = 0.5, s.drift_pct = 1.51), "DRIFT");
    GOLDEN(s.ci_pct = 0.501, "CI_WIDE");
    GOLDEN(s.n = 6, "");
    GOLDEN((s.n = 5, s.ci_pct = NAN, s.drift_pct = 3), "FEW"); /* no interval: no drift either */
    GOLDEN((s.n = 20, s.ci_pct = NAN), "FEW");                 /* of two repeats */
    GOLDEN(s.median = 20, "");
    GOLDEN(s.median = 19.9, "SHORT");
    GOLDEN((s.median = 19.9, f.place = HOST), "");
    GOLDEN((s.median = 19.9, f.launch_us = NAN), "");
    GOLDEN((f.set_bytes = 2.01e8, f.other_us = 1051), "CACHE");
    GOLDEN((f.set_bytes = 2.01e8, f.other_us = 949), "CACHE");
    GOLDEN((f.set_bytes = 2.01e8, f.other_us = 1049), "");
    GOLDEN((f.set_bytes = 1.99e8, f.other_us = 500), "");
    GOLDEN(f.set_bytes = 2.01e8, "");
    GOLDEN((f.place = HOST, f.stolen_pct = 1), "");
    GOLDEN((f.place = HOST, f.stolen_pct = 1.1), "BUSY");
    GOLDEN((f.place = HOST, f.restless = 1), "BUSY");
    GOLDEN((f.stolen_pct = 50, f.restless = 1), "");
    GOLDEN(f.foreign = 1, "BUSY");
    GOLDEN((f.foreign = 1, f.place = HOST), "");
    GOLDEN(f.roof_us = 1049, "");
    GOLDEN(f.roof_us = 1051, "ABOVE_ROOF");
    GOLDEN(f.dram_us = 1049, "");
    GOLDEN(f.dram_us = 1051, "WARM");
    GOLDEN((f.roof_us = f.dram_us = 1051, f.place = HOST), "ABOVE_ROOF;WARM");
    GOLDEN(f.cap_pct = 4.9, "");
    GOLDEN(f.cap_pct = 5, "CAP");
    GOLDEN((f.cap_pct = 100, f.thermal = 1), "CAP;THERMAL");
    GOLDEN(f.sm_mhz = 1782, "");
    GOLDEN(f.sm_mhz = 1781, "CLOCK_LOW");
    GOLDEN((f.sm_mhz = 1000, f.held = 1), "");
    GOLDEN((f.sm_mhz = 1000, f.sm_max_mhz = NAN), "");
    GOLDEN(f.sm_mhz = NAN, "NOCLOCK");
    GOLDEN((f.sm_mhz = NAN, f.place = HOST), "");
    GOLDEN((f.sm_mhz = 1000, f.place = HOST), "");
    GOLDEN(f.clock_spread_pct = 3, "");
    GOLDEN(f.clock_spread_pct = 3.1, "CLOCK_MIX");
    GOLDEN(f.clock_spread_pct = NAN, "");
    GOLDEN((f.clock_spread_pct = 50, f.place = HOST), "");
    GOLDEN((f.cap_pct = 100, f.thermal = 1, f.place = HOST), "");
}

static void together(void)
{
    char small[8], none[1] = "x";

    CHECK_LOSS("flags in one order, so that equal cells have equal texts");
    reset();
    s = (struct stats){.n = 3, .median = 5, .ci_pct = NAN, .drift_pct = 9, .iqr_pct = 9};
    CHECK_STR(flags(""), "FEW;NOISY;SHORT");
    CHECK_STR(flags("MEMORY"), "FEW;MEMORY;NOISY;SHORT");
    CHECK_STR(flags("CACHED"), "CACHED;FEW;NOISY;SHORT");
    CHECK_STR(flags("NOISY"), "FEW;NOISY;SHORT"); /* no judge's word, and not twice */
    flags_write(&f, "", small, sizeof small);
    CHECK_STR(small, "FEW");
    flags_write(&f, "", none, sizeof none);
    CHECK_STR(none, "");
    flags_write(NULL, "DOWNGRADED", small, sizeof small);
    CHECK_STR(small, "");
    char text[64];
    flags_write(NULL, "DOWNGRADED", text, sizeof text);
    CHECK_STR(text, "DOWNGRADED");
    flags_write(NULL, "IMPOSSIBLE", text, sizeof text);
    CHECK_STR(text, "IMPOSSIBLE");
    for (int i = 0; flags_table[i].name && flags_table[i + 1].name; i++)
        CHECK(strcmp(flags_table[i].name, flags_table[i + 1].name) < 0);
    for (const struct flag *g = flags_table; g->name; g++)
        CHECK((g->test == NULL) == (g->kind == FLAG_FAIL));
    CHECK(flags_find("DRIFT;X", 5) && !flags_find("DRIF", 4) && !flags_find("", 0));
}

/* results/README.md has the table, and figures know which flags are no doubt. */
static void words_agree(void)
{
    size_t length;
    const char *path = scratch_path("flags.md");
    FILE *file = fopen(path, "w");

    CHECK_LOSS("the meaning of a flag that was added or changed without a word");
    CHECK(file && flags_readme(file) == 0 && !fclose(file));
    char *table = scratch_read(path, &length), *readme = scratch_read("results/README.md", &length);
    CHECK(table && readme && strstr(readme, table));
    if (table && readme && !strstr(readme, table))
        printf("    paste this table into results/README.md:\n%s", table);
    free(table);
    free(readme);
    for (const struct flag *g = flags_table; g->name; g++) {
        static struct row r;
        row_clear(&r);
        snprintf(r.flags, sizeof r.flags, "%s", g->name);
        CHECK(words_doubtful(&r) == (g->kind != FLAG_INFO));
    }
}

int main(void)
{
    scratch_begin();
    limits();
    together();
    words_agree();
    return check_done();
}
