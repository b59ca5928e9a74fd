/* roof.c: wheelbench roof: what this machine was measured to reach, host and device, probe by
 * probe. A run measures the same and stores it; this is to look at it. */
#include <stdio.h>
#include "cmd/commands.h"
#include "cmd/options.h"
#include "cmd/record_roof.h"
#include "cmd/select.h"
#include "device/machine.h"
#include "fail.h"
#include "measure/recorder.h"
#include "report/words.h"

static int complain(int status, const char *why)
{
    fprintf(stderr, "wheelbench: %s\n", why);
    return status;
}

static void print(const struct roof_values *r)
{
    const struct roof_probe *probe;
    const int count = roof_probes(r->place, &probe);

    printf("  %-14s %-14s %-9s %s\n", "probe", "value", "% of spec", "note");
    for (int i = 0; i < count; i++) {
        char value[40] = "-", percent[40];
        if (r->value[i] > 0)
            words_rate(r->value[i], roof_counts_flops(r->place, i) ? "FLOP/s" : "B/s", value,
                       sizeof value);
        words_percent(100 * r->value[i] / r->spec[i], percent, sizeof percent);
        printf("  %-14s %-14s %-9s %s\n", probe[i].name, value, percent, r->note[i]);
    }
}

static int roof_host(const struct machine *m, double seconds)
{
    static struct roof_values r;

    printf("host: %s, %d threads; _1: one thread\n", m->cpu, m->device.threads);
    fflush(stdout);
    roof_clear(&r, HOST, NULL);
    const char *why = roof_measure_host(&r, &m->device, seconds);
    print(&r);
    return why ? complain(EXIT_BAD_ROW, why) : EXIT_DONE;
}

static int roof_device(const struct machine *m, double seconds)
{
    static struct roof_values r;

    if (!m->device.present) {
        printf("device: %s\n", m->no_device);
        return EXIT_DONE;
    }
    printf("device %d: %s\n", m->device.ordinal, m->gpu);
    fflush(stdout);
    recorder_start(m->bus_id, 1);
    const struct floor_spec spec = record_roof_spec(m);
    roof_clear(&r, DEVICE, &spec);
    const char *why = roof_measure_device(&r, &m->device, seconds);
    print(&r);
    const int status = why ? complain(EXIT_BAD_ROW, why) : EXIT_DONE;
    recorder_stop();
    return status;
}

int cmd_roof(int argc, char **argv)
{
    static struct machine m;
    const struct preset *preset = preset_find("standard");
    struct options o;
    int status = options_read(&o, FOR_ROOF, argc, argv);

    if (status) return status - 1;
    const char *why = select_check_words(&o);
    if (why) return complain(EXIT_USAGE, why);
    machine_look(&m, o.device, o.threads);
    if (o.device_given && !m.device.present)
        return complain(EXIT_ENVIRONMENT, fail_text("--device %d: %s", o.device, m.no_device));
    if (m.device.threads > 1) machine_pin(m.device.threads);
    if (options_holds(o.place, "host")) status = roof_host(&m, preset->roof_host_s);
    if (options_holds(o.place, "device")) {
        const int device = roof_device(&m, preset->roof_device_s);
        status = status ? status : device;
    }
    return status;
}
