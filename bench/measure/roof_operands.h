/* roof_operands.h: what the probes of the tensor cores multiply, and what must come out. Exact
 * operands are small integers, whose sums have one result in every order; the others are random
 * normal numbers with A[1] = -A[0], so that sums stay small however long a probe runs. */
#ifndef WHEELBENCH_ROOF_OPERANDS_H
#define WHEELBENCH_ROOF_OPERANDS_H
#include "wheelbench.h"

enum { ROOF_OPERANDS_MOST = 1 << 17 }; /* bytes */

/* Fills `to` as roof_device.h describes; returns the bytes. */
size_t roof_mma_operands(enum precision p, int exact, void *to);
size_t roof_wgmma_operands(enum precision p, int exact, void *to);

/* Element i of what a thread of a block leaves after steps on exact operands. */
double roof_mma_result(enum precision p, long steps, int thread, int i);
double roof_wgmma_result(enum precision p, long steps, int thread, int i);

/* FLOPs of one block in one step. */
double roof_mma_flops(enum precision p);
double roof_wgmma_flops(enum precision p);

/* The m c m c of thread `set` of the chains: m near -1 and near 1, c normal. */
void roof_chain_operands(int set, double pair[4]);
#endif
