/* conv2d_onednn: the library made for this. Two ways, of which the harness keeps the faster: x and
 * y in the problem's layout, or in oneDNN's own with reorders there and back. The filters are
 * reordered in either, within the call, as the hand kernels pack theirs. Direct algorithms only. */
#include <stdio.h>
#include <stdlib.h>
#include "reference/onednn.h"

enum { WAYS = 2 };

struct state {
    struct onednn way[WAYS]; /* a way that oneDNN does not have: no primitive */
    int chosen;
};

static const char *why_not(const struct problem *p, const struct device *d)
{
    (void)d;
    if (p->precision == TF32) return "tf32 exists on NVIDIA tensor cores only: run it as f32";
    return p->precision == F32 ? NULL : "f32 only";
}

static const char *create(dnnl_primitive_desc_t *pd, struct onednn *o, const struct conv2d *v,
                          dnnl_memory_desc_t d[3])
{
    const dnnl_dims_t stride = {v->stride_h, v->stride_w}, pad = {v->pad_h, v->pad_w},
                      dilation = {v->dil_h - 1, v->dil_w - 1};
#if DNNL_VERSION_MAJOR >= 3
    CHECK_ONEDNN(dnnl_convolution_forward_primitive_desc_create(
        pd, o->engine, dnnl_forward_inference, dnnl_convolution_direct, d[0], d[1], NULL, d[2],
        stride, dilation, pad, pad, NULL));
#else
    dnnl_convolution_desc_t c;
    CHECK_ONEDNN(dnnl_dilated_convolution_forward_desc_init(
        &c, dnnl_forward_inference, dnnl_convolution_direct, &d[0], &d[1], NULL, &d[2], stride,
        dilation, pad, pad));
    CHECK_ONEDNN(dnnl_primitive_desc_create(pd, &c, NULL, o->engine, NULL));
#endif
    return NULL;
}

static const char *connect(struct onednn *o, dnnl_primitive_desc_t pd, dnnl_memory_desc_t ours[3])
{
    TRY(onednn_primitive(o, pd));
    TRY(onednn_operand(o, pd, DNNL_ARG_SRC, dnnl_query_src_md, ONEDNN_VIEW(ours[0])));
    TRY(onednn_operand(o, pd, DNNL_ARG_WEIGHTS, dnnl_query_weights_md, ONEDNN_VIEW(ours[1])));
    return onednn_operand(o, pd, DNNL_ARG_DST, dnnl_query_dst_md, ONEDNN_VIEW(ours[2]));
}

static const char *way(struct onednn *o, const struct conv2d *v, int any, int threads)
{
    const dnnl_dims_t x = {v->n, v->c, v->h, v->w}, y = {v->n, v->k, v->p, v->q},
                      w = {v->k, v->c, v->r, v->s},
                      wg = {v->groups, v->k / v->groups, v->c / v->groups, v->r, v->s};
    const int grouped = v->groups > 1;
    const dnnl_format_tag_t image = v->nhwc ? dnnl_nhwc : dnnl_nchw,
                            filter = v->nhwc   ? grouped ? dnnl_gohwi : dnnl_ohwi
                                     : grouped ? dnnl_goihw
                                               : dnnl_oihw;
    const dnnl_format_tag_t tag[2][3] = {{image, filter, image},
                                         {any ? dnnl_format_tag_any : image, dnnl_format_tag_any,
                                          any ? dnnl_format_tag_any : image}};
    dnnl_memory_desc_t d[2][3] = {0};
    dnnl_primitive_desc_t pd = NULL;
    const char *why = onednn_open(o, threads);

    for (int i = 0; i < 2 && !why; i++) {
        why = onednn_describe(&d[i][0], 4, x, tag[i][0]);
        if (!why) why = onednn_describe(&d[i][1], grouped ? 5 : 4, grouped ? wg : w, tag[i][1]);
        if (!why) why = onednn_describe(&d[i][2], 4, y, tag[i][2]);
    }
    if (!why) why = create(&pd, o, v, d[1]);
    if (!why) why = connect(o, pd, d[0]);
    if (pd) dnnl_primitive_desc_destroy(pd);
    for (int i = 0; i < 6; i++) onednn_forget(&d[i / 3][i % 3]);
    return why;
}

static const char *prepare(struct plan *plan)
{
    struct state *s = plan->state = calloc(1, sizeof *s);
    const char *why = NULL;
    int ways = 0;

    if (!s) return "oom: host memory for a plan";
    for (int i = 0; i < WAYS; i++) {
        const char *its = way(&s->way[i], &plan->problem->conv2d, i, plan->device->threads);
        if (its) onednn_close(&s->way[i]);
        if (its) why = its;
        else ways++;
    }
    return ways ? NULL : why;
}

static int variants(const struct plan *plan)
{
    (void)plan;
    return WAYS;
}

static const char *use(struct plan *plan, int i)
{
    struct state *s = plan->state;
    const struct onednn *o = &s->way[i];

    if (!o->primitive) return "oneDNN has no such primitive";
    s->chosen = i;
    plan->workspace_bytes = o->workspace_bytes;
    snprintf(plan->algo, sizeof plan->algo, "%s %s t%d", o->info, i ? "reordered" : "in place",
             plan->device->threads);
    return NULL;
}

static const char *run(const struct plan *plan, const struct operands *o,
                       struct CUstream_st *stream)
{
    const struct state *s = plan->state;

    (void)stream;
    return onednn_run(&s->way[s->chosen], o, plan->device->threads);
}

static void cleanup(struct plan *plan)
{
    struct state *s = plan->state;

    for (int i = 0; s && i < WAYS; i++) onednn_close(&s->way[i]);
    free(s);
    plan->state = NULL;
}

const struct impl conv2d_onednn = {
    .name = "conv2d_onednn",
    .summary = "oneDNN's direct convolution",
    .file = __FILE__,
    .tier = LIBRARY,
    .place = HOST,
    .why_not = why_not,
    .prepare = prepare,
    .run = run,
    .cleanup = cleanup,
    .variants = variants,
    .use = use,
};
