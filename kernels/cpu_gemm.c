/* cpu_gemm.c: a product by packed slivers, on one thread.
 *
 *     for jc, pc:   pack B[pc..+kc][jc..+nc] into a panel that stays in L2
 *       for ic:     pack A[ic..+mc][pc..+kc] into four slivers
 *         for ir:   one sliver, which stays in L1
 *           tile: C[ir..+mr][jc..+nc] += sliver * panel, sliver by sliver, the panel streaming from
 * L2
 */
#include "kernels/cpu_gemm.h"

struct cpu_cuts cpu_gemm_cuts(const struct cpu_micro *u, long n, long k)
{
    const long kc = cpu_even(k, u->kc, 4);

    /* four slivers: whole lines of a transposed A */
    return (struct cpu_cuts){kc, cpu_micro_nc(u, n, kc), 4 * u->mr};
}

struct cpu_gemm cpu_gemm_of(const struct gemm *g, const struct cpu_micro *u)
{
    return (struct cpu_gemm){.u = u,
                             .m = g->m,
                             .n = g->n,
                             .k = g->k,
                             .ars = g->trans_a ? 1 : g->lda,
                             .acs = g->trans_a ? g->lda : 1,
                             .brs = g->trans_b ? 1 : g->ldb,
                             .bcs = g->trans_b ? g->ldb : 1,
                             .ldc = g->ldc,
                             .alpha = g->alpha,
                             .beta = g->beta};
}

struct cpu_gemm cpu_gemm_at(struct cpu_gemm g, const struct operands *o)
{
    g.a = o->in[0];
    g.b = o->in[1];
    g.c = o->out;
    return g;
}

size_t cpu_gemm_room(const struct cpu_micro *u, long n, long k)
{
    const struct cpu_cuts cut = cpu_gemm_cuts(u, n, k);

    return cpu_pages((size_t)(cut.kc * (cut.nc + cut.mc) * u->size));
}

void cpu_gemm(const struct cpu_gemm *g, void *room)
{
    const struct cpu_micro *u = g->u;
    const struct cpu_cuts cut = cpu_gemm_cuts(u, g->n, g->k);
    const long z = u->size;
    const char *a = g->a, *b = g->b;
    char *c = g->c, *panel = room, *slivers = panel + cut.kc * cut.nc * z;

    for (long jc = 0; jc < g->n; jc += cut.nc)
        for (long pc = 0; pc < g->k; pc += cut.kc) {
            const long nc = cpu_min(cut.nc, g->n - jc), kc = cpu_min(cut.kc, g->k - pc);
            const struct cpu_scale s = {g->alpha, pc ? 1 : g->beta};
            u->pack_b(nc, kc, b + (pc * g->brs + jc * g->bcs) * z, g->brs, g->bcs, panel);
            for (long ic = 0; ic < g->m; ic += cut.mc) {
                const long mc = cpu_min(cut.mc, g->m - ic);
                u->pack_a(mc, kc, a + (ic * g->ars + pc * g->acs) * z, g->ars, g->acs, slivers);
                for (long ir = 0; ir < mc; ir += u->mr)
                    u->tile(kc, slivers + ir * kc * z, panel, &s, c + ((ic + ir) * g->ldc + jc) * z,
                            g->ldc, cpu_min(u->mr, mc - ir), nc);
            }
        }
}

const char *cpu_gemm_why_not(const struct problem *p)
{
    if (p->precision == TF32) return "tf32 exists on NVIDIA tensor cores only: run it as f32";
    if (p->precision == F16 || p->precision == BF16)
        return "f32 and f64 only: few CPUs multiply f16 or bf16, the others would emulate them";
    return NULL;
}
