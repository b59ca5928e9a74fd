/* nvml.c: see nvml.h. The prototypes are our own, so that no header is needed: handles are opaque,
 * enums are ints, and of NVML's structs only two are used, whose sizes are checked. */
#include "measure/nvml.h"
#include <assert.h>
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fail.h"
#include "measure/nvml_getters.h"

typedef void *handle;
typedef unsigned long long wide;

struct utilisation {
    unsigned gpu, memory;
};
static_assert(sizeof(struct utilisation) == 8, "as nvmlUtilization_t");

struct field {
    unsigned id, scope;
    long long time_us, latency_us;
    int type, status;
    union {
        double real;
        unsigned whole;
        wide wide;
    } value;
};
static_assert(sizeof(struct field) == 40, "as nvmlFieldValue_t");

/* How a getter is called: what comes after the device. */
union function {
    void *symbol;
    int (*one)(handle, unsigned *);
    int (*chosen)(handle, int, unsigned *);
    int (*wide)(handle, wide *);
    int (*two)(handle, unsigned *, unsigned *);
    int (*utilisation)(handle, struct utilisation *);
    int (*fields)(handle, int, struct field *);
    int (*errors)(handle, int, int, wide *);
    int (*processes)(handle, unsigned *, void *);
    int (*text)(handle, char *, unsigned);
    int (*system)(char *, unsigned);
    int (*by_bus)(const char *, handle *);
    int (*bare)(void);
};
struct nvml {
    void *library;
    handle device;
    union function function[NVML_VALUES];
    int said[NVML_VALUES], refused[NVML_VALUES];
    char driver[96], note[1024];
    uint64_t uuid_hash;
};

static union function find(const struct nvml *n, const char *name)
{
    return (union function){.symbol = dlsym(n->library, name)};
}

/* Once a value; refused for good where asking again cannot help. */
static void miss(struct nvml *n, enum nvml_value v, int status)
{
    const size_t used = strlen(n->note);

    if (status == NOT_SUPPORTED || status == NO_PERMISSION || status == NO_FUNCTION)
        n->refused[v] = 1;
    if (n->said[v]) return;
    n->said[v] = 1;
    snprintf(n->note + used, sizeof n->note - used, "%s%s (%s)", used ? ", " : "no ",
             nvml_getters[v].words, nvml_status_words(status));
}

static int ask_field(const struct nvml *n, const struct nvml_getter *g, union function f, double *x)
{
    struct field field = {.id = (unsigned)g->argument};
    const int status = f.fields(n->device, 1, &field);

    if (status || field.status) return status ? status : field.status;
    if (field.type == TYPE_REAL) *x = field.value.real;
    else if (field.type == TYPE_WHOLE || field.type == TYPE_SIGNED) *x = field.value.whole;
    else *x = (double)field.value.wide;
    return DONE;
}

static int ask(const struct nvml *n, enum nvml_value v, double *x)
{
    const struct nvml_getter *g = &nvml_getters[v];
    const union function f = n->function[v];
    struct utilisation u = {0};
    unsigned a = 0, b = 0;
    wide w = 0;
    int status = NO_FUNCTION;

    if (!f.symbol) return status;
    switch (g->form) {
    case ONE: status = f.one(n->device, &a); break;
    case CHOSEN: status = f.chosen(n->device, g->argument, &a); break;
    case WIDE: status = f.wide(n->device, &w); break;
    case FIRST:
    case SECOND: status = f.two(n->device, &a, &b); break;
    case UTILISATION: status = f.utilisation(n->device, &u); break;
    case FIELD: return ask_field(n, g, f, x);
    case ERRORS: status = f.errors(n->device, g->argument, VOLATILE, &w); break;
    case PROCESSES: /* no room for a list: the count alone comes back */
        status = f.processes(n->device, &a, NULL);
        if (status == TOO_SMALL) status = DONE;
        break;
    }
    *x = g->form == WIDE || g->form == ERRORS ? (double)w
         : g->form == SECOND                  ? b
         : g->form == UTILISATION             ? u.gpu
                                              : a;
    return status;
}

double nvml_get(struct nvml *n, enum nvml_value v)
{
    double x = NAN;

    if (n->refused[v]) return NAN;
    const int status = ask(n, v, &x);
    if (!status) return x * nvml_getters[v].scale;
    miss(n, v, status);
    return NAN;
}

/* FNV-1a, 64 bits. */
static uint64_t hash(const char *text)
{
    uint64_t h = 0xcbf29ce484222325u;

    for (; *text; text++) h = (h ^ (unsigned char)*text) * 0x100000001b3u;
    return h;
}

static void look(struct nvml *n)
{
    const union function driver = find(n, "nvmlSystemGetDriverVersion"),
                         uuid = find(n, "nvmlDeviceGetUUID");
    char text[96] = "";

    for (int v = 0; v < NVML_VALUES; v++)
        for (int i = 0; i < 3 && nvml_getters[v].symbol[i] && !n->function[v].symbol; i++)
            n->function[v] = find(n, nvml_getters[v].symbol[i]);
    if (!driver.symbol || driver.system(n->driver, sizeof n->driver)) n->driver[0] = '\0';
    if (uuid.symbol && !uuid.text(n->device, text, sizeof text)) n->uuid_hash = hash(text);
}

static const char *start(struct nvml *n, const char *bus_id)
{
    const char *path = getenv("WHEELBENCH_NVML");

    n->library = dlopen(path && *path ? path : "libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!n->library) return "no NVML: libnvidia-ml.so.1 was not found"; /* dlerror names a path */
    union function init = find(n, "nvmlInit_v2"),
                   by_bus = find(n, "nvmlDeviceGetHandleByPciBusId_v2");
    if (!init.symbol) init = find(n, "nvmlInit");
    if (!by_bus.symbol) by_bus = find(n, "nvmlDeviceGetHandleByPciBusId");
    if (!init.symbol || !by_bus.symbol) return "no NVML: the library is another one";
    int status = init.bare();
    if (status) return fail_text("no NVML: %s", nvml_status_words(status));
    status = by_bus.by_bus(bus_id, &n->device);
    if (status) return fail_text("no NVML for this device: %s", nvml_status_words(status));
    look(n);
    return NULL;
}

const char *nvml_open(struct nvml **n, const char *bus_id)
{
    *n = calloc(1, sizeof **n);
    if (!*n) return "oom: host memory for NVML";
    const char *why = start(*n, bus_id);
    if (!why) return NULL;
    nvml_close(*n);
    *n = NULL;
    return why;
}

/* The library stays open: it may have threads of its own. */
void nvml_close(struct nvml *n)
{
    const union function end = n->library ? find(n, "nvmlShutdown") : (union function){NULL};

    if (end.symbol) end.bare(); /* after an Init that failed it only says so */
    free(n);
}

const char *nvml_driver(struct nvml *n) { return n->driver; }
uint64_t nvml_uuid_hash(struct nvml *n) { return n->uuid_hash; }
const char *nvml_note(const struct nvml *n) { return n->note; }
