/* on_cpu.h: the program beside this one that checks the kernels for the GPU without a GPU:
 * wheelbench_on_cpu, whose device impls are compiled for the CPU (tests/simt/harness). */
#ifndef WHEELBENCH_ON_CPU_H
#define WHEELBENCH_ON_CPU_H

/* Goes on as wheelbench_on_cpu with this command and its arguments. Returns only if that cannot be,
 * with the reason; or NULL when this is that program. */
const char *on_cpu_enter(char **argv);

/* Why this impl cannot be checked there; NULL if it can. */
const char *on_cpu_why_not(const char *impl);

/* Why none can: it is not built. NULL if it is. */
const char *on_cpu_not_built(void);
#endif
