/* conv2d_cudnn: what a caller gets who asks cuDNN's heuristics and takes the first plan that keeps
 * the precision contract and runs. conv2d_cudnn_tuned tries them all. */
#include "reference/cudnn_plan.h"

static const char *prepare(struct plan *plan)
{
    return cudnn_conv_prepare(plan, cudnn_select_first, 0);
}

const struct impl conv2d_cudnn = {
    .name = "conv2d_cudnn",
    .summary = "cuDNN graph API, first permitted plan",
    .file = __FILE__,
    .tier = LIBRARY,
    .place = DEVICE,
    .why_not = cudnn_conv_why_not,
    .prepare = prepare,
    .run = cudnn_conv_run,
    .cleanup = cudnn_conv_cleanup,
};
