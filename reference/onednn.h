/* onednn.h: oneDNN's C API 2 and 3 under one set of names, for conv2d_onednn and pool2d_onednn: a
 * primitive, and the reorders into and out of the layouts that it wants. f32. */
#ifndef WHEELBENCH_ONEDNN_H
#define WHEELBENCH_ONEDNN_H
#include <oneapi/dnnl/dnnl.h>
#include "fail.h"
#include "wheelbench.h"

#if DNNL_VERSION_MAJOR >= 3
typedef const_dnnl_memory_desc_t onednn_view; /* a description, to look at */
#define ONEDNN_VIEW(description) (description)
#else
typedef const dnnl_memory_desc_t *onednn_view;
#define ONEDNN_VIEW(description) (&(description))
#endif

#define CHECK_ONEDNN(call)                                                                         \
    WHEELBENCH_CHECK("onednn", dnnl_status_t, dnnl_success, onednn_status_text, call)

const char *onednn_status_text(dnnl_status_t s);

/* One operand: as the problem has it, and as the primitive wants it. */
struct onednn_operand {
    int arg;                  /* DNNL_ARG_SRC ... */
    dnnl_memory_t ours, its;  /* the same one where no reorder is needed */
    dnnl_primitive_t reorder; /* NULL: none */
    size_t offset;            /* of `its` in the workspace */
};
enum { ONEDNN_OPERANDS = 3 };

struct onednn {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    dnnl_primitive_t primitive;
    struct onednn_operand at[ONEDNN_OPERANDS]; /* inputs as in struct operands, then out */
    int count;
    size_t workspace_bytes;
    char info[96]; /* the implementation that oneDNN chose */
};

/* Engine and stream; oneDNN takes its threads from OpenMP, at this call and at each run. */
const char *onednn_open(struct onednn *o, int threads);

/* A description of f32 data; dnnl_format_tag_any lets the primitive choose. Destroy it after use.
 */
const char *onednn_describe(dnnl_memory_desc_t *d, int ndims, const dnnl_dims_t dims,
                            dnnl_format_tag_t tag);
void onednn_forget(dnnl_memory_desc_t *d);

/* The primitive of this description, which is consumed. */
const char *onednn_primitive(struct onednn *o, dnnl_primitive_desc_t pd);

/* The next operand: ours is described, its is asked of the primitive's description. */
const char *onednn_operand(struct onednn *o, dnnl_primitive_desc_t pd, int arg, dnnl_query_t query,
                           onednn_view ours);

/* Reorders in, the primitive, reorders out; waits. */
const char *onednn_run(const struct onednn *o, const struct operands *operands, int threads);
void onednn_close(struct onednn *o);
#endif
