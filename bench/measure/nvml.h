/* nvml.h: what the driver tells of one GPU: clocks, power, temperature, limits, who else is on it.
 * Only questions, never a setting. NVML comes with the driver and is opened at run time, so the
 * program starts without it, and every value may be missing by itself. Calls may block: the
 * recorder (recorder.h) makes them on a thread of its own. */
#ifndef WHEELBENCH_NVML_H
#define WHEELBENCH_NVML_H
#include <stddef.h>
#include <stdint.h>

enum nvml_value {
    /* read at every tick of the recorder */
    NVML_SM_MHZ,
    NVML_POWER_W, /* of the moment; some GPUs have only the mean */
    NVML_REASONS, /* bits: why the clock is not higher */
    NVML_FAST,    /* how many these are */

    /* read less often: they move slowly, or are slow to read */
    NVML_MEM_MHZ = NVML_FAST,
    NVML_TEMP_C,
    NVML_POWER_MEAN_W, /* of about the last second */
    NVML_UTILISATION_PCT,
    NVML_ENERGY_J, /* since the driver was loaded */
    NVML_SAMPLED,

    /* read before and after */
    NVML_PROCESSES = NVML_SAMPLED, /* that compute on it, ours too */
    NVML_ECC_CORRECTED,            /* memory errors since the driver was loaded */
    NVML_ECC_UNCORRECTED,
    NVML_CHANGING,

    /* read once */
    NVML_SM_MAX_MHZ = NVML_CHANGING,
    NVML_MEM_MAX_MHZ,
    NVML_LIMIT_W, /* of the power, as enforced */
    NVML_LIMIT_DEFAULT_W,
    NVML_LIMIT_MIN_W,
    NVML_LIMIT_MAX_W,
    NVML_ECC, /* 0 off, 1 on; so the next two */
    NVML_PERSISTENCE,
    NVML_MIG,
    NVML_VALUES
};

/* Bits of NVML_REASONS. */
#define NVML_REASON_IDLE 0x1u
#define NVML_REASON_POWER_CAP 0x4u /* the power limit: usual for matrix products */
#define NVML_REASON_THERMAL 0xe8u  /* too hot, slowed by the hardware, or the power brake */

struct nvml;

/* bus_id: "0000:4e:00.0", as CUDA says it, since NVML counts devices in another order. NULL, or why
 * there is none; *n is NULL then. The library is libnvidia-ml.so.1 or what WHEELBENCH_NVML says. */
const char *nvml_open(struct nvml **n, const char *bus_id);
void nvml_close(struct nvml *n);

/* NaN: not known. What was refused once is not asked again. */
double nvml_get(struct nvml *n, enum nvml_value v);

const char *nvml_name(enum nvml_value v);    /* "sm_mhz": column of nvml.csv, key of the manifest */
const char *nvml_driver(struct nvml *n);     /* "580.95.05"; "": not known */
uint64_t nvml_uuid_hash(struct nvml *n);     /* tells devices apart and gives nothing away; 0: ? */
const char *nvml_note(const struct nvml *n); /* which values are missing, and why; "": none */

/* The words for bits of NVML_REASONS, ';' between: "power_cap;hw_thermal". */
void nvml_reason_words(uint64_t reasons, char *to, size_t n);
#endif
