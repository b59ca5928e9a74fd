/* ready.c: see ready.h. */
#include "selftest/ready.h"
#include "fail.h"
#include "measure/phase.h"
#include "ops/problem.h"

const char *ready_open(struct ready *r, const struct impl *impl, const char *problem,
                       const struct device *d)
{
    r->ops = &place_host;
    r->timer = &timer_host;
#ifdef HAVE_CUDART
    if (impl->place == DEVICE) {
        r->ops = &place_device;
        r->timer = &timer_batch;
    }
#endif
    TRY(problem_parse(&r->problem, problem));
    const char *why = impl->why_not ? impl->why_not(&r->problem, d) : NULL;
    if (why) return fail_text("%s: %s", impl->name, why);
    TRY(sets_open(&r->sets, r->ops, &r->problem, 1, DATA_UNIFORM, 1));
    r->operands = r->sets.set[0];
    r->plan = (struct plan){.problem = &r->problem, .device = d};
    r->timed = (struct timed){.impl = impl, .plan = &r->plan, .set = &r->operands, .sets = 1};
    r->prepared = 1;
    if (impl->prepare) TRY(impl->prepare(&r->plan));
    if (r->plan.workspace_bytes) {
        TRY(r->ops->allocate(&r->operands.workspace, r->plan.workspace_bytes));
        TRY(r->ops->set_bytes(r->operands.workspace, 0xFF, r->plan.workspace_bytes));
    }
    r->opened = 1;
    return r->timer->open(&r->timed);
}

const char *ready_block(struct ready *r, double warm_us, double block_us, struct block *b)
{
    return r->timer->block(&r->timed, warm_us, block_us, b);
}

void ready_close(struct ready *r)
{
    if (r->opened) r->timer->close(&r->timed);
    if (r->prepared && r->timed.impl->cleanup) r->timed.impl->cleanup(&r->plan);
    if (r->operands.workspace) r->ops->release(r->operands.workspace);
    if (r->prepared) sets_close(&r->sets);
    *r = (struct ready){0};
}

#ifdef HAVE_NVCC
#include "measure/roof_device.h"

static const char *why_not_copy(const struct problem *p, const struct device *d)
{
    const struct pool2d *q = &p->pool2d;

    (void)d;
    return p->precision == F32 && q->r * q->s * q->stride_h * q->stride_w == 1 &&
                   q->n * q->c * q->h * q->w % 4 == 0
               ? NULL
               : "f32, a window of 1x1, elements by four";
}

static const char *run_copy(const struct plan *p, const struct operands *o, struct CUstream_st *s)
{
    const struct pool2d *q = &p->problem->pool2d;

    return roof_copy(o->out, o->in[0], 4 * (size_t)(q->n * q->c * q->h * q->w), 4 * p->device->sms,
                     s);
}

const struct impl copy_device = {.name = "pool2d_copy",
                                 .summary = "a copy",
                                 .file = "",
                                 .tier = TUNED,
                                 .place = DEVICE,
                                 .why_not = why_not_copy,
                                 .run = run_copy};
#endif
