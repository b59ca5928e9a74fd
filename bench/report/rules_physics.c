/* rules_physics.c: rules 4, 5 and 6: times against what the device can do by its specification and
 * by what the run measured. The floor is floor.c's, as in the run itself; it is computed anew
 * because a file can say anything. Wherever there is doubt it is the lower one. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "measure/contest.h"
#include "measure/floor.h"
#include "ops/problem.h"
#include "report/rules.h"

/* Judgement, not evidence. A GeForce's highest clock is up to 1.25 times what the vendor states,
 * and its memory may be set faster. */
#define CLOCK_ABOVE_SPEC 1.3
#define MEMORY_ABOVE_SPEC 1.1
#define ROOF_EXCEEDED 1.05
/* As where a run says so itself, record_roof.c. */
#define APART_DEVICE 0.03
#define APART_HOST 0.10
#define ROOF_LOW 0.60
#define ROOF_HIGH 1.01

/* ---- rule 4 ---- */

static double number(const struct ruling *r, const char *key)
{
    double v = NAN;

    manifest_number(&r->run->manifest, "device", key, &v);
    return v;
}

/* Streaming multiprocessors by the vendor's f32 peak. */
static double sms_by_vendor(const struct device_line *d)
{
    const struct floor_chip one = {.cc = (int)d->cc, .sms = 1, .sm_mhz = d->clock_mhz};

    return round(d->gflops[F32] / floor_spec(&one).gflops[FLOOR_FFMA]);
}

/* What the manifest says of the chip, within what the vendor does: nobody gets a lower floor by a
 * higher clock in a file. */
static struct floor_spec spec_of(struct ruling *r, const struct device_line *d)
{
    const double cc = number(r, "cc"), sms = number(r, "sms"),
                 vendor_sms = d ? sms_by_vendor(d) : NAN, clock = d ? d->clock_mhz : NAN;
    struct floor_chip chip = {
        .cc = isnan(cc) ? d ? (int)d->cc : 0 : (int)cc,
        .sms = (int)(isnan(sms) ? isnan(vendor_sms) ? 0 : vendor_sms : fmin(sms, 1e6)),
        .sm_mhz = fmin(number(r, "clock_max_mhz"), CLOCK_ABOVE_SPEC * clock),
        .memory_mhz = number(r, "mem_clock_max_mhz"),
        .bus_bits = number(r, "mem_bus_bits"),
        .l2_bytes = number(r, "l2_bytes")};

    if (d && cc != d->cc && !isnan(cc))
        rules_add(r, 4, RULE_ERROR, "cc is %.0f; devices.csv has %.0f for %s", cc, d->cc, d->slug);
    if (sms > vendor_sms)
        rules_add(r, 4, RULE_ERROR, "%.0f SMs; the vendor's f32 peak is that of %.0f", sms,
                  vendor_sms);
    if (isnan(chip.l2_bytes)) chip.l2_bytes = 1e30; /* not known: no floor by bytes */
    struct floor_spec spec = floor_spec(&chip);
    if (d) spec.gbs = fmin(spec.gbs, MEMORY_ABOVE_SPEC * d->gbs);
    return spec;
}

/* W of the error bound, see struct plan: rows do not have it, so an algorithm that needs fewer
 * products says so in its name or in algo. */
static double slack_of(const struct row *row)
{
    const char *names[] = {row->impl, row->algo};

    for (int i = 0; i < 2; i++) {
        if (strstr(names[i], "F(2x2")) return 2;
        if (strcasestr(names[i], "winograd") || strcasestr(names[i], "fft")) return 8;
    }
    return 1;
}

static double floor_of(const struct row *row, const struct floor_spec *spec)
{
    const struct device d = {.l2_bytes = spec->l2_bytes < 1e12 ? (size_t)spec->l2_bytes : 0};
    const enum tier tier = !strcmp(row->tier, "naive")   ? NAIVE
                           : !strcmp(row->tier, "tuned") ? TUNED
                                                         : LIBRARY;
    const int batch = !strcmp(row->cache, "cold") && !strcmp(row->timing, "batch");
    struct problem p;

    if (rules_problem(row, &p)) return NAN;
    const struct floor_work work = floor_work(&p, tier, slack_of(row));
    return floor_us(spec, p.precision, &work, batch ? contest_cold_sets(&p, DEVICE, &d) : 1);
}

void rules_floor(struct ruling *r)
{
    const char *slug = manifest_text(&r->run->manifest, "device", "slug");
    const struct device_line *d = slug ? devices_find(&r->shelf->devices, slug) : NULL;

    if (!stored_has(r->run, "device")) return;
    const struct floor_spec spec = spec_of(r, d);
    if (isnan(floor_gflops(&spec, F32)))
        rules_add(r, 4, RULE_NOTE, "no floor for FLOPs: cc %.0f is not in floor.c, or no clock",
                  number(r, "cc"));
    for (size_t i = 0; i < r->run->count; i++) {
        const struct row *row = &r->run->rows[i];
        if (!derive_usable(row) || strcmp(row->place, "device")) continue;
        const double floor = floor_of(row, &spec);
        if (floor_is_broken(row->t_med_us, floor))
            rules_add(r, 4, RULE_ERROR, "%s: impossible: %.4g us, floor %.4g us", rules_row(r, row),
                      row->t_med_us, floor);
    }
}

/* ---- rules 5 and 6 ---- */

static double roof(const struct ruling *r, const char *group, const char *key)
{
    double v = NAN;

    manifest_number(&r->run->manifest, group, key, &v);
    return v;
}

/* The least time by the roofs of the run, as for the flags ABOVE_ROOF and WARM: bytes of a cold
 * batch come from DRAM, those of a hot call from the cache they fit into. */
static double roof_us(const struct ruling *r, const struct row *row)
{
    const int host = !strcmp(row->place, "host"), isolated = !strcmp(row->timing, "isolated");
    const char *group = host ? "roof_host" : "roof_device";
    struct roof measured = stored_roof(r->run, row);
    struct problem p;
    double cache = 0;

    if (rules_problem(row, &p)) return NAN;
    const struct floor_work work = floor_work(&p, NAIVE, 1);
    manifest_number(&r->run->manifest, host ? "host" : "device", host ? "llc_bytes" : "l2_bytes",
                    &cache);
    if (!strcmp(row->cache, "cold")) measured.gbs = isolated ? NAN : roof(r, group, "gbs_read");
    else if (row->bytes > cache) measured.gbs = NAN;
    if (isolated) measured.launch_us = roof(r, group, "launch_us_isolated");
    return derive_roof_us(work.flops, work.bytes, &measured);
}

static void check_precision(struct ruling *r, const char *key, double measured, double vendor)
{
    const double share = measured / vendor;

    if (share < ROOF_LOW || share > ROOF_HIGH)
        rules_add(r, 6, RULE_WARN, "roof_device %s is %.4g, %.0f %% of the vendor's %.4g", key,
                  measured, 100 * share, vendor);
}

static void check_vendor(struct ruling *r)
{
    const char *slug = manifest_text(&r->run->manifest, "device", "slug");
    const struct device_line *d = slug ? devices_find(&r->shelf->devices, slug) : NULL;
    char key[32];

    if (!d) return;
    check_precision(r, "gbs", roof(r, "roof_device", "gbs"), d->gbs);
    for (int p = 0; p < PRECISIONS; p++) {
        snprintf(key, sizeof key, "gflops_%s", precision_name((enum precision)p));
        check_precision(r, key, roof(r, "roof_device", key), d->gflops[p]);
    }
}

/* The DRAM copy of start and end: the same machine all the time? */
static void check_end(struct ruling *r, const char *group, double apart)
{
    const double start = roof(r, group, "gbs"), end = roof(r, group, "gbs_end");

    if (fabs(end / start - 1) > apart)
        rules_add(r, 6, RULE_WARN, "%s gbs is %.4g at the end, %+.1f %% from the start", group, end,
                  100 * (end / start - 1));
}

void rules_roofs(struct ruling *r)
{
    for (size_t i = 0; i < r->run->count; i++) {
        const struct row *row = &r->run->rows[i];
        if (!derive_usable(row)) continue;
        const double share = roof_us(r, row) / row->t_med_us;
        if (share > ROOF_EXCEEDED)
            rules_add(r, 5, RULE_WARN, "%s: %.0f %% of the measured roof", rules_row(r, row),
                      100 * share);
    }
    check_vendor(r);
    check_end(r, "roof_device", APART_DEVICE);
    check_end(r, "roof_host", APART_HOST);
}
