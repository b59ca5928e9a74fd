/* gather.cuh: the matrix that a convolution multiplies by its filters, and where its elements lie
 * in x. A row is a window: the pixel of y that it belongs to. A column is a tap: one of the
 * c/groups r s elements that a window holds. Nobody stores this matrix; kernels that gather it tile
 * by tile ask here where to read. Offsets are 32-bit, so a window starts at 64-bit `start` and a
 * tap adds an int. */
#ifndef WHEELBENCH_CONV2D_GATHER_CUH
#define WHEELBENCH_CONV2D_GATHER_CUH
#include "kernels/element.cuh"

static const long EXTENT_MAX = 1L << 30;   /* pixels, and elements of a padded image, stay below */
static const int NOWHERE = -(1 << 30);     /* a row of x that no tap leads back into the image */
static const unsigned PAST_ALL = 1u << 31; /* rows down to a tap that does not exist */

/* A number of three digits that says which tap. nchw counts (c, r, s) and nhwc (r, s, c), which is
 * how w is stored; the last is the fast one. */
struct digits {
    int slow, mid, fast;
};

/* What a kernel asks of the shape. Distances are in elements, filters are those of a group. */
struct gather {
    long x_image, y_image, y_pixel, y_filter;
    int pixels, nhwc, h, w, plane, q, stride_h, stride_w, pad_h, pad_w, dil_h, dil_w;
    int x_row, x_column, x_group, filters, groups, depth;
    struct digits radix, weight; /* of a tap; the distance in x that one of a digit stands for */
};

/* A tap, seen from the first element of a window. */
struct alignas(16) tap {
    int offset;
    unsigned rows, columns;
};

/* A window: the element of x where it starts, maybe in the padding. */
struct window {
    long start;
    unsigned row, column;
};

/* Elements that one load or store moves. */
template <class T, int V> struct alignas(V * sizeof(T)) pack {
    T at[V];
};

static __host__ __device__ digits digits_of(int i, const struct digits &radix)
{
    return {i / radix.fast / radix.mid, i / radix.fast % radix.mid, i % radix.fast};
}

static __device__ digits digits_add(struct digits a, const struct digits &b,
                                    const struct digits &radix)
{
    a.fast += b.fast;
    a.mid += b.mid;
    a.slow += b.slow;
    if (a.fast >= radix.fast) a.fast -= radix.fast, a.mid++;
    if (a.mid >= radix.mid) a.mid -= radix.mid, a.slow++;
    return a;
}

static __device__ tap tap_of(const struct gather &g, const struct digits &d)
{
    if (d.slow >= g.radix.slow) return {0, PAST_ALL, 0};
    const int r = g.nhwc ? d.slow : d.mid, s = g.nhwc ? d.mid : d.fast;
    return {d.slow * g.weight.slow + d.mid * g.weight.mid + d.fast * g.weight.fast,
            (unsigned)(r * g.dil_h), (unsigned)(s * g.dil_w)};
}

static __device__ window window_of(const struct gather &g, int pixel)
{
    if (pixel >= g.pixels) return {0, (unsigned)NOWHERE, 0};
    const int image = pixel / g.plane, rest = pixel % g.plane;
    const int row = rest / g.q * g.stride_h - g.pad_h, column = rest % g.q * g.stride_w - g.pad_w;
    return {image * g.x_image + (long)row * g.x_row + (long)column * g.x_column, (unsigned)row,
            (unsigned)column};
}

/* Whether the tap of this window lies in the image; if not it is a zero. */
static __device__ bool inside(const struct gather &g, const struct window &w, const struct tap &t)
{
    const bool row = w.row + t.rows < (unsigned)g.h, column = w.column + t.columns < (unsigned)g.w;
    return row & column; /* & and not &&: two compares and no branch */
}

/* The element of y that a pixel of filter 0 is. */
static __device__ long y_offset(const struct gather &g, int pixel)
{
    return pixel / g.plane * g.y_image + pixel % g.plane * g.y_pixel;
}

static const char *gather_why_not(const struct conv2d *c)
{
    const double rows = (double)(c->h + 2 * c->pad_h), columns = (double)(c->w + 2 * c->pad_w);

    if (!(rows * columns * (double)c->c < (double)EXTENT_MAX))
        return "needs a padded image below 2^30 elements (32-bit offsets)";
    if (c->n * c->p * c->q >= EXTENT_MAX) return "needs n p q below 2^30 (32-bit pixel numbers)";
    return NULL;
}

static gather gather_of(const struct conv2d *c)
{
    const long channels = c->c / c->groups, plane = c->p * c->q;
    struct gather g = {};

    g.x_image = c->c * c->h * c->w, g.y_image = c->k * plane;
    g.y_pixel = c->nhwc ? c->k : 1, g.y_filter = c->nhwc ? 1 : plane;
    g.pixels = (int)(c->n * plane), g.nhwc = c->nhwc, g.plane = (int)plane, g.q = (int)c->q;
    g.h = (int)c->h, g.w = (int)c->w;
    g.stride_h = (int)c->stride_h, g.stride_w = (int)c->stride_w;
    g.pad_h = (int)c->pad_h, g.pad_w = (int)c->pad_w, g.dil_h = (int)c->dil_h;
    g.dil_w = (int)c->dil_w;
    g.x_column = c->nhwc ? (int)c->c : 1, g.x_row = (int)c->w * g.x_column;
    g.x_group = (int)(channels * (c->nhwc ? 1 : c->h * c->w));
    g.filters = (int)(c->k / c->groups), g.groups = (int)c->groups;
    g.depth = (int)(channels * c->r * c->s);
    const int down = (int)(c->dil_h * g.x_row), right = (int)(c->dil_w * g.x_column);
    if (c->nhwc) {
        g.radix = {(int)c->r, (int)c->s, (int)channels};
        g.weight = {down, right, 1};
    } else {
        g.radix = {(int)channels, (int)c->r, (int)c->s};
        g.weight = {(int)(c->h * c->w), down, right};
    }
    return g;
}
#endif
