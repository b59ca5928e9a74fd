/* stand_in.c: what wheelbench_on_cpu has in place of a GPU, and its main. The harness is the same
 * as that of wheelbench but for the files that talk to CUDA: here they are this one and place.cpp.
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include "cmd/commands.h"
#include "cmd/on_cpu.h"
#include "data/place_device.h"
#include "device/machine.h"
#include "measure/timer.h"

/* Few multiprocessors, so that kernels which choose their tiles or their share of the work by that
 * number come to their large tiles, and to a second round, on shapes that the CPU can do. */
void machine_look_cuda(struct machine *m, int ordinal)
{
    m->devices = 1;
    if (ordinal > 0) {
        snprintf(m->no_device, sizeof m->no_device, "no CUDA device %d: the CPU plays one",
                 ordinal);
        return;
    }
    m->device.present = 1;
    m->device.cc = 90;
    m->device.sms = 4;
    m->device.shared_max = 232448;
    m->device.l2_bytes = (size_t)50 << 20;
    m->gpu_bytes = m->ram_bytes;
    snprintf(m->gpu, sizeof m->gpu, "CPU stand-in");
}

/* Nothing is timed here, and there is no cache in which lines could stay. */
const struct timer timer_batch = {.name = "none"}, timer_isolated = {.name = "none"};

void device_cache_reset(struct CUstream_st *s) { (void)s; }
const char *device_cache_left(struct CUstream_st *s)
{
    (void)s;
    return NULL;
}

const char *on_cpu_enter(char **argv)
{
    (void)argv;
    return NULL;
}

/* A fault ends the process with its report. Fibers live on stacks that LeakSanitizer does not know,
 * and a fake stack each would cost too much. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0:detect_stack_use_after_return=0";
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    if (argc < 2 || strcmp(argv[1], "check")) {
        fputs(
            "usage: wheelbench check --on-cpu [OPTIONS]    (this program is a part of it; without\n"
            "       --on-cpu it runs everything in this process, for a debugger)\n",
            stderr);
        return EXIT_USAGE;
    }
    return cmd_check(argc - 1, argv + 1);
}
