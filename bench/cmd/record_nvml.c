/* record_nvml.c: see record_nvml.h. */
#include "cmd/record_nvml.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include "fail.h"

static int is_busy(const struct recorder_facts *f)
{
    return f->foreign > 0 || f->before[NVML_UTILISATION_PCT] > 5;
}

const char *record_nvml_busy(const struct recorder_facts *f)
{
    static const char *const advice =
        "What is to be published wants an idle one. Wait, take another (--device), or measure "
        "nevertheless (--busy-ok)";

    if (!is_busy(f)) return NULL;
    if (f->foreign > 0)
        return fail_text("the device is busy: processes of others: %.0f. %s", f->foreign, advice);
    return fail_text("the device is busy: at work %.0f %% of the time. %s",
                     f->before[NVML_UTILISATION_PCT], advice);
}

/* A highest clock, by NVML, or else by CUDA, which reports it too low; NaN: not known. */
static double max_mhz(enum nvml_value v, int cuda_mhz)
{
    const double mhz = recorder_facts()->before[v];

    return !isnan(mhz) ? mhz : cuda_mhz ? cuda_mhz : NAN;
}

static void put_clock(struct manifest_writer *w, enum nvml_value v, int cuda_mhz)
{
    manifest_put_number(w, nvml_name(v), max_mhz(v, cuda_mhz));
}

void record_nvml_device(struct manifest_writer *w, const struct machine *m)
{
    const struct recorder_facts *f = recorder_facts();
    char hash[32];

    put_clock(w, NVML_SM_MAX_MHZ, m->gpu_clock_mhz);
    put_clock(w, NVML_MEM_MAX_MHZ, m->memory_clock_mhz);
    for (int v = NVML_LIMIT_W; v < NVML_VALUES; v++)
        manifest_put_number(w, nvml_name(v), f->before[v]);
    snprintf(hash, sizeof hash, "%016" PRIx64, f->uuid_hash);
    manifest_put_text(w, "uuid_hash", f->uuid_hash ? hash : NULL);
}

void record_nvml_health(struct manifest_writer *w)
{
    const struct recorder_facts *f = recorder_facts();

    for (int after = 0; after < 2; after++)
        for (int v = 0; v < NVML_CHANGING; v++) {
            char key[64];
            snprintf(key, sizeof key, "%s_%s", after ? "after" : "before", nvml_name(v));
            manifest_put_number(w, key, after ? f->after[v] : f->before[v]);
        }
    manifest_put_number(w, "foreign_processes", f->foreign);
    manifest_put_number(w, "nvml_sample_ms", f->sample_ms);
    manifest_put_text(w, "nvml_note", recorder_note());
}

static double sm_mhz(const struct recorder_summary *s, const struct rounds_clock *clock)
{
    return isnan(clock->mean_mhz) ? s->sm_mhz : clock->mean_mhz;
}

void record_nvml_row(const struct recorder_summary *s, const struct rounds_clock *clock,
                     struct row *r)
{
    r->sm_mhz = sm_mhz(s, clock);
    r->mem_mhz = s->mem_mhz;
    r->power_w = s->power_w;
    r->temp_c = s->temp_c;
}

void record_nvml_flags(const struct recorder_summary *s, const struct rounds_clock *clock,
                       const struct machine *m, struct flag_facts *f)
{
    const struct recorder_facts *facts = recorder_facts();

    f->cap_pct = s->cap_pct;
    f->thermal = (s->reasons & NVML_REASON_THERMAL) != 0;
    f->held = (s->reasons & ~(uint64_t)NVML_REASON_IDLE) != 0;
    f->sm_mhz = sm_mhz(s, clock);
    f->sm_max_mhz = max_mhz(NVML_SM_MAX_MHZ, m->gpu_clock_mhz);
    f->clock_spread_pct = clock->spread_pct;
    f->foreign = is_busy(facts);
}
