/* onednn.c: what the oneDNN rows share. Operands rotate from call to call, so each run sets the
 * addresses; what oneDNN wants in a layout of its own lies in the workspace, and getting it there
 * is timed. */
#include "reference/onednn.h"
#include <stdio.h>
#ifdef _OPENMP
#include <omp.h>
#endif

const char *onednn_status_text(dnnl_status_t s)
{
    switch (s) {
    case dnnl_out_of_memory: return "out of memory";
    case dnnl_invalid_arguments: return "invalid arguments";
    case dnnl_unimplemented: return "not implemented";
    case dnnl_runtime_error: return "run-time error";
    default: return "failed";
    }
}

static void take_threads(int threads)
{
#ifdef _OPENMP
    omp_set_num_threads(threads);
#else
    (void)threads;
#endif
}

const char *onednn_open(struct onednn *o, int threads)
{
    *o = (struct onednn){0};
    take_threads(threads);
    CHECK_ONEDNN(dnnl_engine_create(&o->engine, dnnl_cpu, 0));
    CHECK_ONEDNN(dnnl_stream_create(&o->stream, o->engine, dnnl_stream_default_flags));
    return NULL;
}

const char *onednn_describe(dnnl_memory_desc_t *d, int ndims, const dnnl_dims_t dims,
                            dnnl_format_tag_t tag)
{
#if DNNL_VERSION_MAJOR >= 3
    CHECK_ONEDNN(dnnl_memory_desc_create_with_tag(d, ndims, dims, dnnl_f32, tag));
#else
    CHECK_ONEDNN(dnnl_memory_desc_init_by_tag(d, ndims, dims, dnnl_f32, tag));
#endif
    return NULL;
}

void onednn_forget(dnnl_memory_desc_t *d)
{
#if DNNL_VERSION_MAJOR >= 3
    if (*d) dnnl_memory_desc_destroy(*d);
    *d = NULL;
#else
    (void)d;
#endif
}

const char *onednn_primitive(struct onednn *o, dnnl_primitive_desc_t pd)
{
    const char *text = NULL;

    dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, (void *)&text);
    snprintf(o->info, sizeof o->info, "%s", text ? text : "?");
    CHECK_ONEDNN(dnnl_primitive_create(&o->primitive, pd));
    return NULL;
}

static const char *reorder(struct onednn *o, onednn_view from, onednn_view to, dnnl_primitive_t *p)
{
    dnnl_primitive_desc_t pd;

    CHECK_ONEDNN(dnnl_reorder_primitive_desc_create(&pd, from, o->engine, to, o->engine, NULL));
    const dnnl_status_t s = dnnl_primitive_create(p, pd);
    dnnl_primitive_desc_destroy(pd);
    return s == dnnl_success ? NULL : fail_text("onednn: reorder: %s", onednn_status_text(s));
}

const char *onednn_operand(struct onednn *o, dnnl_primitive_desc_t pd, int arg, dnnl_query_t query,
                           onednn_view ours)
{
    const onednn_view its = dnnl_primitive_desc_query_md(pd, query, 0);
    struct onednn_operand *at = &o->at[o->count++];

    at->arg = arg;
    CHECK_ONEDNN(dnnl_memory_create(&at->ours, ours, o->engine, DNNL_MEMORY_NONE));
    at->its = at->ours;
    if (dnnl_memory_desc_equal(ours, its)) return NULL;
    CHECK_ONEDNN(dnnl_memory_create(&at->its, its, o->engine, DNNL_MEMORY_NONE));
    at->offset = o->workspace_bytes;
    o->workspace_bytes += (dnnl_memory_desc_get_size(its) + 4095) / 4096 * 4096;
    return arg == DNNL_ARG_DST ? reorder(o, its, ours, &at->reorder)
                               : reorder(o, ours, its, &at->reorder);
}

static const char *turn(const struct onednn *o, const struct onednn_operand *at)
{
    const int out = at->arg == DNNL_ARG_DST;
    const dnnl_exec_arg_t args[] = {{DNNL_ARG_FROM, out ? at->its : at->ours},
                                    {DNNL_ARG_TO, out ? at->ours : at->its}};

    CHECK_ONEDNN(dnnl_primitive_execute(at->reorder, o->stream, 2, args));
    return NULL;
}

const char *onednn_run(const struct onednn *o, const struct operands *operands, int threads)
{
    dnnl_exec_arg_t args[ONEDNN_OPERANDS];

    take_threads(threads);
    for (int i = 0; i < o->count; i++) {
        const struct onednn_operand *at = &o->at[i];
        void *data = i < o->count - 1 ? (void *)operands->in[i] : operands->out;
        args[i] = (dnnl_exec_arg_t){at->arg, at->its};
        CHECK_ONEDNN(dnnl_memory_set_data_handle(at->ours, data));
        if (at->reorder)
            CHECK_ONEDNN(
                dnnl_memory_set_data_handle(at->its, (char *)operands->workspace + at->offset));
        if (at->reorder && at->arg != DNNL_ARG_DST) TRY(turn(o, at));
    }
    CHECK_ONEDNN(dnnl_primitive_execute(o->primitive, o->stream, o->count, args));
    if (o->at[o->count - 1].reorder) TRY(turn(o, &o->at[o->count - 1]));
    CHECK_ONEDNN(dnnl_stream_wait(o->stream));
    return NULL;
}

void onednn_close(struct onednn *o)
{
    for (int i = 0; i < o->count; i++) {
        struct onednn_operand *at = &o->at[i];
        if (at->reorder) dnnl_primitive_destroy(at->reorder);
        if (at->its && at->its != at->ours) dnnl_memory_destroy(at->its);
        if (at->ours) dnnl_memory_destroy(at->ours);
    }
    if (o->primitive) dnnl_primitive_destroy(o->primitive);
    if (o->stream) dnnl_stream_destroy(o->stream);
    if (o->engine) dnnl_engine_destroy(o->engine);
    *o = (struct onednn){0};
}
