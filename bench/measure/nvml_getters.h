/* nvml_getters.h: the table behind nvml_get: for every value its name, the function that gives it
 * and how that is called. Between nvml.c and nvml_getters.c. */
#ifndef WHEELBENCH_NVML_GETTERS_H
#define WHEELBENCH_NVML_GETTERS_H
#include "measure/nvml.h"

/* NVML's own numbers */
enum { DONE = 0, NOT_SUPPORTED = 3, NO_PERMISSION = 4, TOO_SMALL = 7, NO_DRIVER = 9 };
enum { NO_FUNCTION = 13, GPU_IS_LOST = 15, VERSIONS_DIFFER = 18 };
enum { CLOCK_SM = 1, CLOCK_MEMORY = 2, SENSOR_GPU = 0, POWER_INSTANT = 186 };
enum { TYPE_REAL = 0, TYPE_WHOLE = 1, TYPE_SIGNED = 5, VOLATILE = 0 };

/* What a getter takes after the device, and which part of what it gives is meant. */
enum form { ONE, CHOSEN, WIDE, FIRST, SECOND, UTILISATION, FIELD, ERRORS, PROCESSES };

struct nvml_getter {
    const char *name, *words;
    enum form form;
    int argument;
    double scale;
    const char *symbol[3]; /* the first that the driver has */
};
extern const struct nvml_getter nvml_getters[NVML_VALUES];

const char *nvml_status_words(int status);
#endif
