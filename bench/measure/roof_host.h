/* roof_host.h: the arithmetic of the host's probes, in a file of its own since it is compiled to
 * fuse multiply and add. */
#ifndef WHEELBENCH_ROOF_HOST_H
#define WHEELBENCH_ROOF_HOST_H

/* Independent chains x = x * m + c of vectors, from `start` on, `steps` pairs of them each. Returns
 * the FLOPs; *end: the sum over chains and lanes. replay computes the same end one by one. */
double roof_chains_f32(float start, long steps, float *end);
double roof_chains_f64(double start, long steps, double *end);
float roof_replay_f32(float start, long steps);
double roof_replay_f64(double start, long steps);
#endif
