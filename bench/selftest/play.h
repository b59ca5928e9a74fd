/* play.h: a contest of honest impls, timed as a run does, and what figures would say of it. */
#ifndef WHEELBENCH_PLAY_H
#define WHEELBENCH_PLAY_H
#include "measure/worker.h"
#include "report/derive.h"

enum { PLAYERS = 8 };

/* What of the device is timed where any honest gemm serves: it is there in every build with CUDA.
 */
#ifdef HAVE_NVCC
#define PLAY_GEMM "gemm_regtile"
#else
#define PLAY_GEMM "gemm_cublas"
#endif

struct play {  /* starts as {0} */
    int quick; /* fewer rounds, and no more copies of the operands than show up who keeps one */
    struct contest c;
    struct problem problem;
    struct machine machine;
    const struct impl *impl[PLAYERS];
    struct outcome out[PLAYERS];
    struct sample_log log;
};

/* Plays impl[0..count), hot, and cold too if asked for; all must end as ok. The seed decides data
 * and order. */
const char *play_contest(struct play *p, struct worker *w, enum place place, const char *problem,
                         int count, int cold, uint64_t seed);
double play_median_us(const struct play *p, int impl); /* hot; so the next */
double play_min_us(const struct play *p, int impl);
double play_cold_us(const struct play *p, int impl); /* the median */
/* impl a / impl b over their common rounds: as figures and tables have it. */
struct ratio play_ratio(const struct play *p, int a, int b, enum cache cache);
void play_free(struct play *p);

/* a / b of n pairs of times that belong together, one pair a round. */
struct ratio play_pairs(const double *a, const double *b, int n);
#endif
