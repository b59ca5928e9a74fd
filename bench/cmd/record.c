/* record.c: see record.h. */
#include "cmd/record.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "cmd/record_energy.h"
#include "cmd/record_nvml.h"
#include "cmd/record_roof.h"
#include "device/build.h"
#include "ops/problem.h"
#include "store/lines.h"
#include "store/manifest.h"

extern char **environ;

const char *status_name(enum status s)
{
    static const char *const names[] = {[STATUS_OK] = "ok",
                                        [STATUS_SKIPPED] = "skipped",
                                        [STATUS_WRONG] = "wrong",
                                        [STATUS_FAILED] = "failed"};
    return names[s];
}

const char *cache_name(enum cache c) { return c == COLD ? "cold" : "hot"; }

const char *timing_name(enum place p, enum timing t)
{
    return p == HOST ? "host" : t == BATCH ? "batch" : "isolated";
}

void utc_now(char *to, size_t n)
{
    const time_t now = time(NULL);
    struct tm t;

    strftime(to, n, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &t));
}

static void put_times(struct row *r, const struct stats *s)
{
    r->samples = s->n;
    r->t_med_us = s->median;
    r->t_min_us = s->min;
    r->t_p05_us = s->p05;
    r->t_p95_us = s->p95;
    r->t_ci_lo_us = s->ci_lo;
    r->t_ci_hi_us = s->ci_hi;
    r->mad_us = s->mad;
    r->drift_pct = s->drift_pct;
    row_rates(r);
}

/* The column flags of one cell that ended so. */
static void put_flags(const struct run_facts *f, const struct problem *p, const struct outcome *o,
                      int which, const char *verdict, struct row *r)
{
    const enum timing timing = cell_timing(which);
    const enum cache other_cache = cell_cache(which) == COLD ? HOT : COLD;
    const struct cell *cell = &o->cell[which], *other = &o->cell[cell_of(timing, other_cache)];
    const enum place place = o->impl->place;
    struct flag_facts facts = {
        .place = place,
        .stats = &cell->stats,
        .launch_us = f->floors.launch_us[timing],
        .other_us = other->status == STATUS_OK ? other->stats.median : NAN,
        .set_bytes = p->op->bytes(p),
        .cache_bytes = contest_cache_bytes(place, &f->machine->device),
        .stolen_pct = cell->stolen_pct,
        .restless = cell->restless,
        .isolated = timing == ISOLATED,
        .exposed = cell->exposed,
        .tune_close = o->tune_close,
        .energy_halves_pct = NAN,
        .energy_power_pct = NAN,
    };

    record_nvml_flags(&cell->recorded, &cell->clock, f->machine, &facts);
    record_roof_flags(f, p, place, which, &facts);
    r->energy_mj = record_energy_mj(cell, &facts);
    flags_write(cell->status == STATUS_OK && !*verdict ? &facts : NULL, verdict, r->flags,
                sizeof r->flags);
}

#define COPY(to, from) snprintf(to, sizeof to, "%s", from)

enum status record_row(const struct run_facts *f, const struct problem *p, const struct outcome *o,
                       int which, struct row *r)
{
    const struct cell *cell = &o->cell[which];
    char reason[128];
    const int impossible = record_roof_impossible(f, p, o, which, reason, sizeof reason);
    const enum status status = impossible ? STATUS_WRONG : cell->status;
    const int host = o->impl->place == HOST;
    const struct lines_of *lines = lines_find(o->impl->file);

    row_clear(r);
    COPY(r->run, f->id);
    COPY(r->device, host ? f->cpu_slug : f->gpu_slug);
    COPY(r->op, p->op->name);
    COPY(r->precision, precision_name(p->precision));
    COPY(r->layout, p->layout);
    COPY(r->shape, p->shape);
    COPY(r->impl, o->impl->name);
    COPY(r->tier, tier_name(o->impl->tier));
    COPY(r->place, place_name(o->impl->place));
    COPY(r->cache, cache_name(cell_cache(which)));
    COPY(r->timing, timing_name(o->impl->place, cell_timing(which)));
    COPY(r->status, status_name(status));
    COPY(r->reason, impossible ? reason : cell->reason);
    put_flags(f, p, o, which, impossible ? "IMPOSSIBLE" : status == STATUS_WRONG ? o->flag : "", r);
    r->flop = p->op->flops(p);
    r->bytes = p->op->bytes(p);
    if (status == STATUS_OK) {
        put_times(r, &cell->stats);
        if (o->impl->place == DEVICE) record_nvml_row(&cell->recorded, &cell->clock, r);
    }
    if (o->checked) {
        r->err_bound_frac = o->agreement.max_frac;
        r->err_max_abs = o->agreement.max_abs;
        r->err_rel_l2 = agree_rel_l2(&o->agreement);
        r->n_checked = (double)o->agreement.checked;
    }
    if (o->exact_ok >= 0) r->exact_ok = o->exact_ok;
    COPY(r->algo, o->algo);
    if (o->first_call_ms >= 0) {
        r->workspace_bytes = (double)o->workspace_bytes;
        r->first_call_ms = o->first_call_ms;
        r->prepare_ms = o->prepare_ms;
        r->seed = (double)f->options->seed;
    }
    if (lines) r->sloc = lines->own + lines->shared;
    return status;
}

/* Paths say how somebody's machine is laid out: only their last part is kept. */
static const char *without_path(const char *word, char *to, size_t n)
{
    const char *slash = strrchr(word, '/');
    const size_t option = *word == '-' ? strcspn(word, "=") : 0; /* --problems=a/b.txt */

    if (!slash || !slash[1]) return word;
    snprintf(to, n, "%.*s%s%s", (int)option, word, option ? "=" : "", slash + 1);
    return to;
}

static void put_command(struct manifest_writer *w, const struct run_facts *f)
{
    enum { MOST = 192 };
    static char shortened[MOST][256];
    const char *argv[MOST];
    int n = 0;

    for (; n < f->argc && n < MOST; n++)
        argv[n] = without_path(f->argv[n], shortened[n], sizeof shortened[n]);
    manifest_put_texts(w, "argv", argv, n);
}

static void put_top(struct manifest_writer *w, const struct run_facts *f, const char *state)
{
    char now[32];

    utc_now(now, sizeof now);
    manifest_put_integer(w, "schema", ROW_SCHEMA);
    manifest_put_text(w, "run", f->id);
    manifest_put_text(w, "state", state);
    manifest_put_text(w, "started_utc", f->started_utc);
    manifest_put_text(w, "ended_utc", strcmp(state, "running") ? now : NULL);
    put_command(w, f);
    manifest_put_text(w, "preset", f->preset->name);
    manifest_put_integer(w, "repeats", select_repeats(f->options));
    manifest_put_text(w, "data", "uniform");
    manifest_put_text(w, "clocks", "free");
    manifest_put_integer(w, "seed", (long long)f->options->seed);
    manifest_put_integer(w, "rows_ok", f->rows[STATUS_OK]);
    manifest_put_integer(w, "rows_skipped", f->rows[STATUS_SKIPPED]);
    manifest_put_integer(w, "rows_wrong", f->rows[STATUS_WRONG]);
    manifest_put_integer(w, "rows_failed", f->rows[STATUS_FAILED]);
    manifest_put_text(w, "selftest", f->options->selftest);
    manifest_put_integer(w, "resumed", f->resumed);
    manifest_put_integer(w, "worker_restarts", f->restarts);
}

static void put_machine(struct manifest_writer *w, const struct machine *m,
                        const struct run_facts *f)
{
    manifest_group(w, "device");
    if (m->device.present) {
        manifest_put_text(w, "slug", f->gpu_slug);
        manifest_put_text(w, "name", m->gpu);
        manifest_put_integer(w, "cc", m->device.cc);
        manifest_put_integer(w, "sms", m->device.sms);
        manifest_put_number(w, "mem_bytes", m->gpu_bytes);
        manifest_put_number(w, "l2_bytes", (double)m->device.l2_bytes);
        record_nvml_device(w, m);
        manifest_put_integer(w, "mem_bus_bits", m->memory_bus_bits);
    } else {
        manifest_put_text(w, "absent", m->no_device);
    }
    manifest_group(w, "host");
    manifest_put_text(w, "slug", f->cpu_slug);
    manifest_put_text(w, "cpu", m->cpu);
    manifest_put_integer(w, "cores", m->cores);
    manifest_put_integer(w, "threads", m->device.threads);
    manifest_put_number(w, "llc_bytes", (double)m->device.llc_bytes);
    manifest_put_number(w, "ram_bytes", m->ram_bytes);
    manifest_put_text(w, "governor", *m->governor ? m->governor : NULL);
    manifest_put_text(w, "os", m->os);
    manifest_put_text(w, "kernel", m->kernel);
    manifest_group(w, "software");
    const char *driver = *m->driver ? m->driver : recorder_facts()->driver;
    manifest_put_text(w, "driver", *driver ? driver : NULL);
    manifest_put_integer(w, "cuda_driver", m->driver_cuda);
    manifest_put_integer(w, "cuda_runtime", m->runtime_cuda);
    manifest_put_text(w, "cublas", *m->cublas ? m->cublas : NULL);
    manifest_put_text(w, "cudnn", *m->cudnn ? m->cudnn : NULL);
    manifest_put_text(w, "openblas", *m->openblas ? m->openblas : NULL);
    manifest_put_text(w, "openblas_core", *m->openblas_core ? m->openblas_core : NULL);
    manifest_put_text(w, "openblas_threads", *m->openblas_threads ? m->openblas_threads : NULL);
    manifest_put_text(w, "openblas_misfit", *m->openblas_misfit ? m->openblas_misfit : NULL);
    manifest_put_text(w, "onednn", *m->onednn ? m->onednn : NULL);
}

/* Settings of the libraries; of those that may hold a path, and of LD_PRELOAD, only that they are
 * set. */
static void put_environment(struct manifest_writer *w)
{
    static const char *const prefixes[] = {"CUDA_", "NVIDIA_",  "CUBLAS_",        "CUDNN_",
                                           "DNNL_", "ONEDNN_",  "WHEELBENCH_CPU", "OMP_",
                                           "GOMP_", "OPENBLAS_"};

    manifest_group(w, "env");
    for (char **e = environ; *e; e++) {
        char name[128];
        const size_t len = strcspn(*e, "=");
        if (!(*e)[len] || len >= sizeof name) continue;
        snprintf(name, sizeof name, "%.*s", (int)len, *e);
        for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
            if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
                manifest_put_text(w, name, strchr(*e + len, '/') ? "set" : *e + len + 1);
    }
    if (getenv("LD_PRELOAD")) manifest_put_text(w, "LD_PRELOAD", "set");
    if (getenv("LD_LIBRARY_PATH")) manifest_put_text(w, "LD_LIBRARY_PATH", "set");
}

/* The floor of A/A of the device that the run is named after goes by the short name too. */
static void put_health(struct manifest_writer *w, const struct run_facts *f)
{
    const int there = f->machine->device.present;

    manifest_group(w, "health");
    if (there) record_nvml_health(w);
    manifest_put_number(w, "aa_floor_pct",
                        f->selftest.value[there ? FACT_AA_DEVICE : FACT_AA_HOST]);
    for (int i = 0; i < FACTS; i++)
        manifest_put_number(w, fact_key((enum fact)i), f->selftest.value[i]);
}

const char *record_manifest(const struct run_facts *f, const char *state)
{
    struct manifest_writer w;

    manifest_begin(&w);
    put_top(&w, f, state);
    manifest_group(&w, "problems");
    for (int i = 0; i < f->problems->count; i++)
        manifest_put_problem(&w, f->problems->at[i].text, 1, f->problems->at[i].label);
    manifest_group(&w, "suite");
    manifest_put_text(&w, "version", build_facts.version);
    manifest_put_text(&w, "sha", build_facts.sha);
    manifest_put_bool(&w, "dirty", build_facts.dirty);
    manifest_put_text(&w, "flavour", build_facts.flavour);
    manifest_put_text(&w, "build_type", build_facts.build_type);
    manifest_put_text(&w, "compiler", build_facts.compiler);
    manifest_put_text(&w, "flags", build_facts.flags);
    manifest_put_text(&w, "nvcc", build_facts.nvcc);
    manifest_put_text(&w, "nvcc_flags", build_facts.nvcc_flags);
    manifest_put_text(&w, "architectures", build_facts.architectures);
    put_machine(&w, f->machine, f);
    put_environment(&w);
    record_roof_put(&w, f);
    put_health(&w, f);
    return manifest_save(&w, f->dir);
}
