/* nvml_getters.c: see nvml_getters.h. Names that changed between drivers have several entries, the
 * newest first. */
#include "measure/nvml_getters.h"
#include <stdio.h>
#include <string.h>
#include "fail.h"

#define VALUE(id, name, words, form, argument, scale, ...)                                         \
    [NVML_##id] = {name, words, form, argument, scale, {__VA_ARGS__}}

const struct nvml_getter nvml_getters[NVML_VALUES] = {
    VALUE(SM_MHZ, "sm_mhz", "SM clock", CHOSEN, CLOCK_SM, 1, "nvmlDeviceGetClockInfo"),
    VALUE(POWER_W, "power_w", "instant power", FIELD, POWER_INSTANT, 1e-3,
          "nvmlDeviceGetFieldValues"),
    VALUE(REASONS, "reasons", "clock reasons", WIDE, 0, 1, "nvmlDeviceGetCurrentClocksEventReasons",
          "nvmlDeviceGetCurrentClocksThrottleReasons"),
    VALUE(MEM_MHZ, "mem_mhz", "memory clock", CHOSEN, CLOCK_MEMORY, 1, "nvmlDeviceGetClockInfo"),
    VALUE(TEMP_C, "temp_c", "temperature", CHOSEN, SENSOR_GPU, 1, "nvmlDeviceGetTemperature"),
    VALUE(POWER_MEAN_W, "power_mean_w", "mean power", ONE, 0, 1e-3, "nvmlDeviceGetPowerUsage"),
    VALUE(UTILISATION_PCT, "utilisation_pct", "utilisation", UTILISATION, 0, 1,
          "nvmlDeviceGetUtilizationRates"),
    VALUE(ENERGY_J, "energy_j", "energy counter", WIDE, 0, 1e-3,
          "nvmlDeviceGetTotalEnergyConsumption"),
    VALUE(PROCESSES, "processes", "processes", PROCESSES, 0, 1,
          "nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses_v2",
          "nvmlDeviceGetComputeRunningProcesses"),
    VALUE(ECC_CORRECTED, "ecc_corrected", "corrected errors", ERRORS, 0, 1,
          "nvmlDeviceGetTotalEccErrors"),
    VALUE(ECC_UNCORRECTED, "ecc_uncorrected", "uncorrected errors", ERRORS, 1, 1,
          "nvmlDeviceGetTotalEccErrors"),
    VALUE(SM_MAX_MHZ, "clock_max_mhz", "maximum SM clock", CHOSEN, CLOCK_SM, 1,
          "nvmlDeviceGetMaxClockInfo"),
    VALUE(MEM_MAX_MHZ, "mem_clock_max_mhz", "maximum memory clock", CHOSEN, CLOCK_MEMORY, 1,
          "nvmlDeviceGetMaxClockInfo"),
    VALUE(LIMIT_W, "power_limit_w", "power limit", ONE, 0, 1e-3, "nvmlDeviceGetEnforcedPowerLimit"),
    VALUE(LIMIT_DEFAULT_W, "power_limit_default_w", "default power limit", ONE, 0, 1e-3,
          "nvmlDeviceGetPowerManagementDefaultLimit"),
    VALUE(LIMIT_MIN_W, "power_limit_min_w", "least power limit", FIRST, 0, 1e-3,
          "nvmlDeviceGetPowerManagementLimitConstraints"),
    VALUE(LIMIT_MAX_W, "power_limit_max_w", "largest power limit", SECOND, 0, 1e-3,
          "nvmlDeviceGetPowerManagementLimitConstraints"),
    VALUE(ECC, "ecc", "ECC mode", FIRST, 0, 1, "nvmlDeviceGetEccMode"),
    VALUE(PERSISTENCE, "persistence", "persistence mode", ONE, 0, 1,
          "nvmlDeviceGetPersistenceMode"),
    VALUE(MIG, "mig", "MIG mode", FIRST, 0, 1, "nvmlDeviceGetMigMode"),
};

const char *nvml_name(enum nvml_value v) { return nvml_getters[v].name; }

const char *nvml_status_words(int status)
{
    switch (status) {
    case NOT_SUPPORTED: return "not supported";
    case NO_PERMISSION: return "no permission";
    case NO_DRIVER: return "the driver is not loaded";
    case NO_FUNCTION: return "not in this driver";
    case GPU_IS_LOST: return "the GPU is lost";
    case VERSIONS_DIFFER: return "library and driver have different versions";
    default: return fail_text("NVML status %d", status);
    }
}

void nvml_reason_words(uint64_t reasons, char *to, size_t n)
{
    static const char *const words[] = {"idle",       "app_clocks",  "power_cap",
                                        "hw_slow",    "sync_boost",  "sw_thermal",
                                        "hw_thermal", "power_brake", "display"};
    size_t used = 0;

    *to = '\0';
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (reasons >> i & 1 && used + strlen(words[i]) + 2 <= n)
            used += (size_t)snprintf(to + used, n - used, "%s%s", used ? ";" : "", words[i]);
}
