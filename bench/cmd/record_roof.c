/* record_roof.c: see record_roof.h. */
#include "cmd/record_roof.h"
#include <math.h>
#include <stdio.h>
#include "ops/problem.h"

struct floor_spec record_roof_spec(const struct machine *m)
{
    const double *known = recorder_facts()->before;
    struct floor_chip chip = {.cc = m->device.cc,
                              .sms = m->device.sms,
                              .sm_mhz = known[NVML_SM_MAX_MHZ],
                              .memory_mhz = known[NVML_MEM_MAX_MHZ],
                              .bus_bits = m->memory_bus_bits,
                              .l2_bytes = (double)m->device.l2_bytes};

    /* CUDA's attribute is up to 5 % too low: NVIDIA/nvbench issue 206. 0: not known. */
    if (!(chip.sm_mhz > 0)) chip.sm_mhz = m->gpu_clock_mhz ? 1.05 * m->gpu_clock_mhz : NAN;
    if (!(chip.memory_mhz > 0)) chip.memory_mhz = m->memory_clock_mhz;
    return floor_spec(&chip);
}

void record_roof_clear(struct run_facts *f)
{
    const struct floor_spec spec = record_roof_spec(f->machine);

    for (int place = HOST; place <= DEVICE; place++) {
        f->copy_end[place] = NAN;
        f->copy_note[place][0] = '\0';
    }
    roof_clear(&f->roof[HOST], HOST, NULL);
    roof_clear(&f->roof[DEVICE], DEVICE, f->machine->device.present ? &spec : NULL);
}

/* Clocks and memory of a device stay as they are; what others do on a host comes and goes. */
static const double MOST_APART[] = {[HOST] = 0.1, [DEVICE] = 0.03};

void record_roof_end(struct run_facts *f, enum place place, double gbs)
{
    const double start = f->roof[place].value[ROOF_DRAM_COPY], part = gbs / start - 1;

    f->copy_end[place] = gbs;
    f->copy_note[place][0] = '\0';
    if (!(fabs(part) > MOST_APART[place])) return;
    snprintf(f->copy_note[place], sizeof f->copy_note[place],
             "the %s was not the same at the end: DRAM copy %.4g GB/s, at the start %.4g "
             "(%+.1f %%)",
             place_name(place), gbs, start, 100 * part);
}

static void put_probes(struct manifest_writer *w, const struct run_facts *f, enum place place)
{
    const struct roof_values *r = &f->roof[place];
    const struct roof_probe *probe;
    const int count = roof_probes(r->place, &probe);
    char key[64];

    manifest_put_number(w, "gbs", r->value[ROOF_DRAM_COPY]);
    manifest_put_number(w, "gbs_end", f->copy_end[place]);
    manifest_put_text(w, "gbs_end_note", *f->copy_note[place] ? f->copy_note[place] : NULL);
    manifest_put_number(w, "gbs_read", r->value[ROOF_DRAM_READ]);
    manifest_put_number(w, "gbs_cache", r->value[ROOF_CACHE_READ]);
    for (int p = 0; p < PRECISIONS; p++) {
        snprintf(key, sizeof key, "gflops_%s", precision_name((enum precision)p));
        manifest_put_number(w, key, roof_gflops(r, (enum precision)p));
    }
    for (int i = 0; i < count; i++) manifest_put_number(w, probe[i].key, r->value[i]);
    for (int i = 0; i < count; i++) {
        if (!r->note[i][0]) continue;
        snprintf(key, sizeof key, "%s_note", probe[i].name);
        manifest_put_text(w, key, r->note[i]);
    }
}

void record_roof_put(struct manifest_writer *w, const struct run_facts *f)
{
    if (f->machine->device.present) {
        manifest_group(w, "roof_device");
        manifest_put_number(w, "event_step_ns", f->floors.event_step_ns);
        manifest_put_number(w, "launch_us_batch", f->floors.launch_us[BATCH]);
        manifest_put_number(w, "launch_us_isolated", f->floors.launch_us[ISOLATED]);
        put_probes(w, f, DEVICE);
    }
    manifest_group(w, "roof_host");
    put_probes(w, f, HOST);
}

/* ---- what they say of a row ---- */

int record_roof_impossible(const struct run_facts *f, const struct problem *p,
                           const struct outcome *o, int which, char *reason, size_t n)
{
    const struct cell *cell = &o->cell[which];
    const struct device *d = &f->machine->device;

    if (o->impl->place == HOST || cell->status != STATUS_OK) return 0;
    const struct floor_spec spec = record_roof_spec(f->machine);
    const struct floor_work work = floor_work(p, o->impl->tier, o->slack);
    /* An isolated cold call may leave its output in the cache: what holds for a hot one does. */
    const double sets = which == cell_of(BATCH, COLD) ? contest_cold_sets(p, DEVICE, d) : 1,
                 floor = floor_us(&spec, p->precision, &work, sets);
    if (!floor_is_broken(cell->stats.median, floor)) return 0;
    snprintf(reason, n, "impossible: %.1f us, floor %.1f us", cell->stats.median, floor);
    return 1;
}

void record_roof_flags(const struct run_facts *f, const struct problem *p, enum place place,
                       int which, struct flag_facts *to)
{
    const enum cache cache = cell_cache(which);
    const enum timing timing = cell_timing(which);
    const struct roof_values *r = &f->roof[place];
    const struct floor_work work = floor_work(p, NAIVE, 1);
    const double cached = contest_cache_bytes(place, &f->machine->device);
    const int fits = cache == HOT && p->op->bytes(p) <= cached;
    /* Bytes of cold cells are WARM's. */
    const struct roof roof = {.gflops = roof_gflops(r, p->precision),
                              .gbs = fits ? r->value[ROOF_CACHE_READ] : NAN,
                              .launch_us = place == DEVICE ? f->floors.launch_us[timing] : NAN};

    to->roof_us = derive_roof_us(work.flops, work.bytes, &roof);
    to->dram_us =
        cache == COLD && timing == BATCH ? work.bytes / r->value[ROOF_DRAM_READ] * 1e-3 : NAN;
}
