/* conv2d_cudnn_tuned: the rival: every cuDNN plan that keeps the precision contract is tried and
 * the fastest taken. How the search keeps clear of hopeless engines: reference/cudnn_tune.c. */
#include "reference/cudnn_plan.h"

static const char *prepare(struct plan *plan)
{
    return cudnn_conv_prepare(plan, cudnn_select_fastest, 1);
}

const struct impl conv2d_cudnn_tuned = {
    .name = "conv2d_cudnn_tuned",
    .summary = "cuDNN graph API, fastest of all permitted plans",
    .file = __FILE__,
    .tier = LIBRARY,
    .place = DEVICE,
    .why_not = cudnn_conv_why_not,
    .prepare = prepare,
    .run = cudnn_conv_run,
    .cleanup = cudnn_conv_cleanup,
};
