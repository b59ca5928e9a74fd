/* cpu_gemm_team.h: the product of cpu_gemm.h by a team of threads that packs B once for all. */
#ifndef WHEELBENCH_CPU_GEMM_TEAM_H
#define WHEELBENCH_CPU_GEMM_TEAM_H
#include "kernels/cpu_gemm.h"

/* Bytes that cpu_gemm_team needs. */
size_t cpu_gemm_team_room(const struct cpu_micro *u, long n, long k, int threads);

void cpu_gemm_team(const struct cpu_gemm *g, int threads, void *room);
#endif
