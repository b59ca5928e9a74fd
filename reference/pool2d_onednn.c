/* pool2d_onednn: oneDNN's pooling, x and y in the problem's layout: a reorder would move more bytes
 * than the pooling itself. */
#include <stdio.h>
#include <stdlib.h>
#include "reference/onednn.h"

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    if (p->precision == TF32) return "pooling multiplies nothing: run it as f32";
    return p->precision == F32 ? NULL : "f32 only";
}

static const char *create(dnnl_primitive_desc_t *pd, struct onednn *o, const struct pool2d *v,
                          dnnl_memory_desc_t d[2])
{
    const dnnl_dims_t stride = {v->stride_h, v->stride_w}, pad = {v->pad_h, v->pad_w},
                      window = {v->r, v->s};
    const dnnl_alg_kind_t kind = v->kind == POOL_MAX        ? dnnl_pooling_max
                                 : v->kind == POOL_AVG_INCL ? dnnl_pooling_avg_include_padding
                                                            : dnnl_pooling_avg_exclude_padding;
#if DNNL_VERSION_MAJOR >= 3
    const dnnl_dims_t dilation = {0, 0};
    CHECK_ONEDNN(dnnl_pooling_forward_primitive_desc_create(pd, o->engine, dnnl_forward_inference,
                                                            kind, d[0], d[1], stride, window,
                                                            dilation, pad, pad, NULL));
#else
    dnnl_pooling_desc_t c;
    CHECK_ONEDNN(dnnl_pooling_forward_desc_init(&c, dnnl_forward_inference, kind, &d[0], &d[1],
                                                stride, window, pad, pad));
    CHECK_ONEDNN(dnnl_primitive_desc_create(pd, &c, NULL, o->engine, NULL));
#endif
    return NULL;
}

static const char *connect(struct onednn *o, dnnl_primitive_desc_t pd, dnnl_memory_desc_t d[2])
{
    TRY(onednn_primitive(o, pd));
    TRY(onednn_operand(o, pd, DNNL_ARG_SRC, dnnl_query_src_md, ONEDNN_VIEW(d[0])));
    return onednn_operand(o, pd, DNNL_ARG_DST, dnnl_query_dst_md, ONEDNN_VIEW(d[1]));
}

static const char *prepare(struct plan *plan)
{
    const struct pool2d *v = &plan->problem->pool2d;
    const dnnl_dims_t x = {v->n, v->c, v->h, v->w}, y = {v->n, v->c, v->p, v->q};
    const dnnl_format_tag_t tag = v->nhwc ? dnnl_nhwc : dnnl_nchw;
    struct onednn *o = plan->state = calloc(1, sizeof *o);
    dnnl_memory_desc_t d[2] = {0};
    dnnl_primitive_desc_t pd = NULL;

    if (!o) return "oom: host memory for a plan";
    const char *why = onednn_open(o, plan->device->threads);
    if (!why) why = onednn_describe(&d[0], 4, x, tag);
    if (!why) why = onednn_describe(&d[1], 4, y, tag);
    if (!why) why = create(&pd, o, v, d);
    if (!why) why = connect(o, pd, d);
    if (pd) dnnl_primitive_desc_destroy(pd);
    for (int i = 0; i < 2; i++) onednn_forget(&d[i]);
    plan->workspace_bytes = o->workspace_bytes;
    snprintf(plan->algo, sizeof plan->algo, "%s t%d", o->info, plan->device->threads);
    return why;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    (void)stream;
    return onednn_run(plan->state, o, plan->device->threads);
}

static void cleanup(struct plan *plan)
{
    if (plan->state) onednn_close(plan->state);
    free(plan->state);
    plan->state = NULL;
}

const struct impl pool2d_onednn = {
    .name = "pool2d_onednn",
    .summary = "oneDNN's pooling",
    .file = __FILE__,
    .tier = LIBRARY,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = cleanup,
};
