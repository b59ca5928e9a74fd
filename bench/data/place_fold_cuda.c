/* place_fold_cuda.c: fold and fold_differs of place.h for the device: with nvcc the kernels of
 * place_fold.cu; without, operand and output go over the host, as in place_device_cuda.c. */
#include <cuda_runtime.h>
#include <limits.h>
#include <stdlib.h>
#include "data/place_device.h"
#include "fail.h"

#ifdef HAVE_NVCC
/* A 64-bit number on the device, for the kernels to change; every byte starts as `byte`. */
static const char *counter_start(unsigned long long **counter, int byte)
{
    static unsigned long long *the_counter;

    if (!the_counter) TRY(place_device.allocate((void **)&the_counter, sizeof *the_counter));
    *counter = the_counter;
    return place_device.set_bytes(the_counter, byte, sizeof *the_counter);
}

const char *place_fold(const struct fold_axis *x, enum storage type, const void *p,
                       const uint16_t *signs, void *to, long *lost)
{
    unsigned long long *counter, value;

    TRY(counter_start(&counter, 0));
    TRY(device_fold(x, type, p, signs, to, counter, place_device.stream()));
    TRY(place_device.to_host(&value, counter, sizeof value));
    *lost = (long)value;
    return NULL;
}

const char *place_fold_differs(const struct fold_axis *x, enum storage type, const void *p,
                               const uint16_t *signs, const double *y, long from, long *line)
{
    unsigned long long *counter, value;

    TRY(counter_start(&counter, 0xFF));
    TRY(device_fold_differs(x, type, p, signs, y, from, counter, place_device.stream()));
    TRY(place_device.to_host(&value, counter, sizeof value));
    *line = value == ULLONG_MAX ? -1 : (long)value;
    return NULL;
}
#else
/* From the first to the last element that the axis runs through. */
static size_t operand_bytes(const struct fold_axis *x, enum storage type)
{
    return (size_t)((x->outer - 1) * x->step_a + (x->length - 1) * x->step_j + x->inner) *
           (size_t)storage_size(type);
}

static size_t folded_count(const struct fold_axis *x, enum storage type)
{
    return (size_t)(x->outer * x->inner * FOLD_COLUMNS * fold_pieces(type));
}

/* A host copy of n bytes, in *host, which is NULL after an error. */
static const char *fetch(void **host, const void *p, size_t n)
{
    *host = malloc(n ? n : 1);
    if (!*host) return fail_text("oom: %.2f GiB of host memory", (double)n / 0x1p30);
    return place_device.to_host(*host, p, n);
}

const char *place_fold(const struct fold_axis *x, enum storage type, const void *p,
                       const uint16_t *signs, void *to, long *lost)
{
    const size_t bytes = folded_count(x, type) * (size_t)storage_size(type);
    void *operand = NULL, *x_host = NULL, *sums = malloc(bytes ? bytes : 1);
    const char *why = sums ? NULL : "oom: host memory for a folded operand";

    if (!why) why = fetch(&operand, p, operand_bytes(x, type));
    if (!why) why = fetch(&x_host, signs, (size_t)x->length * sizeof *signs);
    if (!why) why = place_host.fold(x, type, operand, x_host, sums, lost);
    if (!why) why = place_device.from_host(to, sums, bytes);
    free(operand);
    free(x_host);
    free(sums);
    return why;
}

const char *place_fold_differs(const struct fold_axis *x, enum storage type, const void *p,
                               const uint16_t *signs, const double *y, long from, long *line)
{
    void *operand = NULL, *x_host = NULL, *truth = NULL;
    const char *why = fetch(&operand, p, operand_bytes(x, type));

    if (!why) why = fetch(&x_host, signs, (size_t)x->length * sizeof *signs);
    if (!why) why = fetch(&truth, y, folded_count(x, type) * sizeof *y);
    if (!why) why = place_host.fold_differs(x, type, operand, x_host, truth, from, line);
    free(operand);
    free(x_host);
    free(truth);
    return why;
}
#endif
