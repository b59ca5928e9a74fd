/* amx_emulated.h: the tile registers of kernels/cpu_amx.h in plain C, for a test on any CPU: never
 * part of the program, so never timed. TDPBF16PS as the manual has it (Intel 64 and IA-32
 * Architectures Software Developer's Manual, volume 2): of each output the first elements of the
 * pairs are summed by FMA in one chain and the second ones in another, their sum is added to C, and
 * denormals are zero wherever they come or go. What a CPU answers with an exception ends the test.
 */
#ifndef WHEELBENCH_AMX_EMULATED_H
#define WHEELBENCH_AMX_EMULATED_H
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "number.h"

static _Thread_local struct amx_config amx_now; /* palette 0: released */
static _Thread_local union {
    uint8_t byte[16][64];
    uint16_t bf16[16][32];
    float f32[16][16];
} amx_tile[8];

static inline const char *amx_why_not(void) { return NULL; }

static inline void amx_insist(int good, const char *what)
{
    if (good) return;
    printf("a CPU would raise an exception: %s\n", what);
    exit(1);
}

static inline void amx_known(int t)
{
    amx_insist(amx_now.palette == 1 && amx_now.rows[t] && amx_now.colsb[t], "tile not configured");
}

static inline void amx_configure(const struct amx_config *c)
{
    static const uint8_t zeros[14];

    amx_insist(sizeof *c == 64 && c->palette == 1 && !c->start_row, "palette or start row");
    amx_insist(!memcmp(c->zero, zeros, sizeof zeros), "reserved bytes");
    for (int t = 0; t < 16; t++)
        amx_insist(t < 8 ? c->rows[t] <= 16 && c->colsb[t] <= 64 && !c->rows[t] == !c->colsb[t]
                         : !c->rows[t] && !c->colsb[t],
                   "rows or columns");
    amx_now = *c;
    memset(amx_tile, 0, sizeof amx_tile);
}

static inline void amx_zero(int t)
{
    amx_known(t);
    memset(&amx_tile[t], 0, sizeof amx_tile[t]);
}

static inline void amx_load(int t, const void *p)
{
    amx_zero(t);
    for (int i = 0; i < amx_now.rows[t]; i++)
        memcpy(amx_tile[t].byte[i], (const char *)p + 64 * i, amx_now.colsb[t]);
}

static inline void amx_store(int t, void *p)
{
    amx_known(t);
    for (int i = 0; i < amx_now.rows[t]; i++)
        memcpy((char *)p + 64 * i, amx_tile[t].byte[i], amx_now.colsb[t]);
}

static inline float amx_flush(float x) { return fabsf(x) < 0x1p-126f ? copysignf(0, x) : x; }

static inline void amx_dot(int c, int a, int b)
{
    amx_known(a), amx_known(b), amx_known(c);
    amx_insist(a != b && b != c && a != c, "tiles that are the same");
    amx_insist(amx_now.rows[a] == amx_now.rows[c] && amx_now.colsb[b] == amx_now.colsb[c] &&
                   amx_now.colsb[a] == 4 * amx_now.rows[b],
               "tiles that do not fit each other");
    for (int i = 0; i < amx_now.rows[c]; i++) {
        float sum[32] = {0};
        for (int p = 0; p < amx_now.rows[b]; p++)
            for (int j = 0; j < amx_now.colsb[c] / 2; j++) {
                const float x = float_from_bf16(amx_tile[a].bf16[i][2 * p + j % 2]),
                            y = float_from_bf16(amx_tile[b].bf16[p][j]);
                sum[j] = amx_flush(fmaf(amx_flush(x), amx_flush(y), sum[j]));
            }
        for (int j = 0; j < amx_now.colsb[c] / 4; j++) {
            float *to = &amx_tile[c].f32[i][j];
            *to = amx_flush(amx_flush(*to) + amx_flush(sum[2 * j] + sum[2 * j + 1]));
        }
    }
}

#define AMX_CONFIGURE(config) amx_configure(config)
#define AMX_RELEASE() (void)(amx_now.palette = 0)
#define AMX_ZERO(t) amx_zero(t)
#define AMX_LOAD(t, p) amx_load(t, p)
#define AMX_STORE(t, p) amx_store(t, p)
#define AMX_DOT(c, a, b) amx_dot(c, a, b)
#endif
