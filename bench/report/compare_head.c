/* compare_head.c: the top of a comparison: who A and B are, and all that differs besides the code.
 * It stands before the numbers, because it is the first suspect. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "ops/problem.h"
#include "report/choose.h"
#include "report/compare_print.h"
#include "report/words.h"

enum { VALUE = 64, VALUES = 200 };

/* What may explain a difference, in the order of reading. Unit "?": on or off. */
static const struct {
    const char *label, *group, *key, *unit;
} facts[] = {
    {"commit", "suite", "sha", ""},
    {"uncommitted changes", "suite", "dirty", ""},
    {"version", "suite", "version", ""},
    {"flavour", "suite", "flavour", ""},
    {"build", "suite", "build_type", ""},
    {"compiler", "suite", "compiler", ""},
    {"flags", "suite", "flags", ""},
    {"nvcc", "suite", "nvcc", ""},
    {"nvcc flags", "suite", "nvcc_flags", ""},
    {"architectures", "suite", "architectures", ""},
    {"preset", "", "preset", ""},
    {"repeats", "", "repeats", ""},
    {"data", "", "data", ""},
    {"clocks", "", "clocks", ""},
    {"seed", "", "seed", ""},
    {"driver", "software", "driver", ""},
    {"CUDA of the driver", "software", "cuda_driver", ""},
    {"CUDA runtime", "software", "cuda_runtime", ""},
    {"cuBLAS", "software", "cublas", ""},
    {"cuDNN", "software", "cudnn", ""},
    {"OpenBLAS", "software", "openblas", ""},
    {"OpenBLAS core", "software", "openblas_core", ""},
    {"board", "device", "uuid_hash", ""},
    {"compute capability", "device", "cc", ""},
    {"SMs", "device", "sms", ""},
    {"power limit", "device", "power_limit_w", " W"},
    {"highest clock", "device", "clock_max_mhz", " MHz"},
    {"memory clock", "device", "mem_clock_max_mhz", " MHz"},
    {"memory bus", "device", "mem_bus_bits", " bits"},
    {"ECC", "device", "ecc", "?"},
    {"MIG", "device", "mig", "?"},
    {"persistence", "device", "persistence", "?"},
    {"CPU", "host", "cpu", ""},
    {"cores", "host", "cores", ""},
    {"threads", "host", "threads", ""},
    {"governor", "host", "governor", ""},
    {"system", "host", "os", ""},
    {"kernel", "host", "kernel", ""},
};
enum { FACTS = sizeof facts / sizeof facts[0] };

/* One value as text, cut; "-" when there is none. */
static void value_of(const struct stored_run *run, const char *group, const char *key,
                     const char *unit, char to[VALUE])
{
    const struct manifest_value *v;
    char all[160];

    snprintf(to, VALUE, "-");
    if (manifest_list(&run->manifest, group, key, &v) != 1) return;
    if (v->kind == MANIFEST_TEXT && *v->text) snprintf(all, sizeof all, "%s", v->text);
    else if (v->kind == MANIFEST_BOOL || (v->kind == MANIFEST_NUMBER && *unit == '?'))
        snprintf(all, sizeof all, "%s",
                 *unit       ? (v->number ? "on" : "off")
                 : v->number ? "yes"
                             : "no");
    else if (v->kind == MANIFEST_NUMBER) snprintf(all, sizeof all, "%.10g%s", v->number, unit);
    else return;
    words_fit(all, 40, 1, to, VALUE); /* about 60 letters */
}

/* The different values of a side, ", " between. */
static void values_of(const struct side *s, const char *group, const char *key, const char *unit,
                      char to[VALUES])
{
    char one[VALUE];

    *to = 0;
    for (int i = 0; i < s->count; i++) {
        value_of(&s->runs[i], group, key, unit, one);
        const size_t used = strlen(to);
        if (!strstr(to, one) && used + strlen(one) + 3 < VALUES)
            snprintf(to + used, VALUES - used, "%s%s", used ? ", " : "", one);
    }
}

static int put_difference(const struct comparison *c, int markdown, const char *label,
                          const char *group, const char *key, const char *unit, int said,
                          struct plain_buffer *to)
{
    char a[VALUES], b[VALUES];

    values_of(c->side[0], group, key, unit, a);
    values_of(c->side[1], group, key, unit, b);
    if (!strcmp(a, b)) return said;
    table_say(to, markdown, "%-8s %s: %s | %s", said && !markdown ? "" : "differs:", label, a, b);
    return 1;
}

/* All of a group: definitions of ops, settings of the libraries. */
static int put_group(const struct comparison *c, int markdown, const char *group, int said,
                     struct plain_buffer *to)
{
    for (int s = 0; s < 2; s++) {
        const struct manifest_entry *e;
        const int n = manifest_entries(&c->side[s]->runs[0].manifest, group, &e);
        for (int i = 0; i < n; i++) {
            const struct manifest_value *v;
            if (s && manifest_list(&c->side[0]->runs[0].manifest, group, e[i].key, &v) >= 0)
                continue; /* has been said */
            said = put_difference(c, markdown, e[i].key, group, e[i].key, "", said, to);
        }
    }
    return said;
}

char *compare_processors(const struct stored_run *run, int device, int host, char *to, size_t n)
{
    const char *gpu = manifest_text(&run->manifest, "device", "name");

    choose_devices(run, device, host, to, n);
    const size_t used = strlen(to);
    if (used && !(device && *run->device) && gpu && *gpu)
        snprintf(to + used, n - used, " (host of %.100s)", gpu);
    if (!used)
        snprintf(to, n, "%s",
                 *run->device ? run->device
                 : *run->host ? run->host
                              : "no usable row");
    return to;
}

void compare_print_runs(const struct side *s, char letter, int device, int host, int markdown,
                        struct plain_buffer *to)
{
    char name[400];

    for (int i = 0; i < s->count; i++)
        table_say(to, markdown, "%c  %s  %s", letter,
                  compare_processors(&s->runs[i], device, host, name, sizeof name),
                  s->runs[i].footer);
}

/* A roof in both; "-" where it was not measured. */
static void add_roof(const struct comparison *c, const char *group, const char *key,
                     const char *label, const char *unit, char *line, size_t n)
{
    char text[2][40], factor[32] = "";
    double v[2] = {NAN, NAN};
    const size_t used = strlen(line);

    for (int s = 0; s < 2; s++) {
        manifest_number(&c->side[s]->runs[0].manifest, group, key, &v[s]);
        words_rate(v[s], unit, text[s], sizeof text[s]);
    }
    if (!(v[0] > 0) && !(v[1] > 0)) return;
    if (v[0] > 0 && v[1] > 0) compare_factor(v[1] / v[0], factor, sizeof factor);
    snprintf(line + used, n - used, "%s%s %s | %s%s%s", used ? "      " : "", label, text[0],
             text[1], *factor ? " " : "", factor);
}

/* Does a cell on both sides have this place, this precision, and FLOPs? */
static int has_flop(const struct comparison *c, const char *place, const char *precision)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct cell *cell = &c->cells[i];
        if (compare_timed(cell) && !strcmp(cell->row[0]->place, place) &&
            !strcmp(cell->row[0]->precision, precision) && cell->row[0]->flop > 0)
            return 1;
    }
    return 0;
}

static void put_roofs(const struct comparison *c, int markdown, const char *place,
                      struct plain_buffer *to)
{
    const char *group = strcmp(place, "host") ? "roof_device" : "roof_host";
    char line[1024] = "", key[32];

    if (!compare_has(c, place)) return;
    add_roof(c, group, "gbs", "memory", "B/s", line, sizeof line);
    for (int p = 0; p < PRECISIONS; p++) {
        snprintf(key, sizeof key, "gflops_%s", precision_name(p));
        if (has_flop(c, place, precision_name(p)))
            add_roof(c, group, key, precision_name(p), "FLOP/s", line, sizeof line);
    }
    table_say(to, markdown, "roofs:   %s%s",
              strcmp(place, "host") ? "" : "host: ", *line ? line : "not measured in either");
}

void compare_print_head(const struct comparison *c, int markdown, struct plain_buffer *to)
{
    const int on_device = compare_has(c, "device"), on_host = compare_has(c, "host");
    const int device = !side_is_host(c->side[0]) && !side_is_host(c->side[1]);
    int said = 0;

    for (int s = 0; s < 2; s++)
        compare_print_runs(c->side[s], (char)('A' + s), on_device, on_host, markdown, to);
    if (on_host) said = put_difference(c, markdown, "threads", "host", "threads", "", said, to);
    for (int i = 0; i < FACTS; i++)
        if ((device || strcmp(facts[i].group, "device")) &&
            !(on_host && !strcmp(facts[i].key, "threads")))
            said = put_difference(c, markdown, facts[i].label, facts[i].group, facts[i].key,
                                  facts[i].unit, said, to);
    said = put_group(c, markdown, "ops", said, to);
    said = put_group(c, markdown, "env", said, to);
    if (!said) table_say(to, markdown, "differs: nothing that the manifests tell");
    if (c->mode != COMPARE_HARDWARE) return;
    put_roofs(c, markdown, "device", to);
    put_roofs(c, markdown, "host", to);
}
