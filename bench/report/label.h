/* label.h: puts the names of points where they cover neither each other nor a mark. Pixels, x to
 * the right, y upwards. gnuplot places labels blindly, so it is done here, before it sees them. */
#ifndef WHEELBENCH_LABEL_H
#define WHEELBENCH_LABEL_H
#include <stddef.h>

enum { LABELS_MAX = 64 };

struct box {
    double left, right, bottom, top;
};

struct label {
    char text[64];
    double x, y; /* the point that it names */
    double width, height;
    double at_x, at_y;     /* out: left end and middle height of the text */
    int leader;            /* out: too far away to be read without a line to its point */
    double from_x, from_y; /* out: where that line meets the text */
};

struct segment {
    double x0, y0, x1, y1;
};

/* Chooses a place for each label (at most LABELS_MAX) inside the frame. Points are marks to keep
 * clear (those of the labels among them), segments are lines that text should not lie on. */
void label_place(struct label *labels, size_t count, const struct box *frame,
                 const struct segment *lines, size_t line_count);

/* Moves the heights apart to at least `gap`, as little as possible, within bottom..top while
 * there is room; their order stays. y[i] are changed in place. */
void label_spread(double *y, size_t count, double gap, double bottom, double top);
#endif
