/* label.c: see label.h. Each label tries places around its point, near ones first, and keeps the
 * cheapest; a few rounds let early labels make room for later ones. The result depends on nothing
 * but the input, so that figures are the same on every machine. */
#include "report/label.h"
#include <math.h>

enum { MARK = 6, ROUNDS = 5 };     /* half the size of a point's mark, px */
static const double near_gap = 17; /* farther than this a label needs a leader */

static int overlap(const struct box *a, const struct box *b, double slack)
{
    return a->left < b->right + slack && b->left < a->right + slack && a->bottom < b->top + slack &&
           b->bottom < a->top + slack;
}

/* Does the segment touch the box? Clips it to each side in turn (Liang and Barsky). */
static int touches(const struct segment *s, const struct box *b)
{
    const double dx = s->x1 - s->x0, dy = s->y1 - s->y0;
    const double p[4] = {-dx, dx, -dy, dy};
    const double q[4] = {s->x0 - b->left, b->right - s->x0, s->y0 - b->bottom, b->top - s->y0};
    double enter = 0, leave = 1;

    for (int i = 0; i < 4; i++) {
        if (p[i] == 0 && q[i] < 0) return 0;
        if (p[i] == 0) continue;
        if (p[i] < 0) enter = fmax(enter, q[i] / p[i]);
        else leave = fmin(leave, q[i] / p[i]);
    }
    return enter <= leave;
}

static int cross(const struct segment *a, const struct segment *b)
{
    const double ax = a->x1 - a->x0, ay = a->y1 - a->y0;
    const double bx = b->x1 - b->x0, by = b->y1 - b->y0;
    const double d = ax * by - ay * bx;

    if (fabs(d) < 1e-9) return 0;
    const double s = ((b->x0 - a->x0) * by - (b->y0 - a->y0) * bx) / d;
    const double t = ((b->x0 - a->x0) * ay - (b->y0 - a->y0) * ax) / d;
    return s > 0 && s < 1 && t > 0 && t < 1;
}

static struct box box_of(const struct label *l)
{
    return (struct box){l->at_x, l->at_x + l->width, l->at_y - l->height / 2,
                        l->at_y + l->height / 2};
}

/* From the nearest place on the text to the edge of its mark. */
static struct segment leader_of(const struct label *l)
{
    const struct box b = box_of(l);
    const double x = fmin(fmax(l->x, b.left), b.right), y = fmin(fmax(l->y, b.bottom), b.top);
    const double far = hypot(x - l->x, y - l->y), part = far > MARK ? MARK / far : 0;

    return (struct segment){x, y, l->x + (x - l->x) * part, l->y + (y - l->y) * part};
}

static double gap_between(const struct box *b, double x, double y)
{
    return hypot(x - fmin(fmax(x, b->left), b->right), y - fmin(fmax(y, b->bottom), b->top));
}

static double cost(const struct label *labels, size_t count, size_t me, const struct box *frame,
                   const struct segment *lines, size_t line_count)
{
    const struct label *l = &labels[me];
    const struct box mine = box_of(l);
    const struct segment leader = leader_of(l);
    const double far = hypot(leader.x0 - l->x, leader.y0 - l->y);
    const int led = far > near_gap;
    double sum = far + (led ? 15 : 0);

    if (mine.left < frame->left || mine.right > frame->right || mine.bottom < frame->bottom ||
        mine.top > frame->top)
        sum += 5000;
    for (size_t i = 0; i < count; i++) {
        const struct label *o = &labels[i];
        const struct box mark = {o->x - MARK, o->x + MARK, o->y - MARK, o->y + MARK};
        const struct box text = box_of(o);
        const struct segment other = leader_of(o);
        if (overlap(&mine, &mark, 0)) sum += 500;
        if (i == me) continue;
        if (!led && gap_between(&mine, o->x, o->y) < far + 3) sum += 80; /* whose name is it? */
        if (overlap(&mine, &text, 3)) sum += 1000;
        if (led && touches(&leader, &text)) sum += 300;
        if (led && touches(&leader, &mark)) sum += 150;
        if (led && cross(&leader, &other)) sum += 60;
    }
    for (size_t i = 0; i < line_count; i++) {
        if (touches(&lines[i], &mine)) sum += 45;
        if (led && cross(&leader, &lines[i])) sum += 12;
    }
    return sum;
}

/* Tries the places around one point: dx and dy say to which side, 1 is beyond the text's edge. */
static void settle(struct label *labels, size_t count, size_t me, const struct box *frame,
                   const struct segment *lines, size_t line_count)
{
    static const double sides[] = {1, -1, 0, 0.5, -0.5};
    static const double gaps[] = {9, 15, 24, 36, 52, 72, 96, 130};
    struct label *l = &labels[me], best = *l;
    double least = INFINITY;

    for (size_t g = 0; g < sizeof gaps / sizeof gaps[0]; g++)
        for (size_t i = 0; i < 25; i++) {
            const double dx = sides[i % 5], dy = sides[i / 5];
            if (fabs(dx) < 1 && fabs(dy) < 1) continue; /* would cover its own point */
            l->at_x = l->x + dx * (gaps[g] + l->width / 2) - l->width / 2;
            l->at_y = l->y + dy * (gaps[g] + l->height / 2);
            const double c = cost(labels, count, me, frame, lines, line_count);
            if (c < least - 1e-9) least = c, best = *l;
        }
    *l = best;
}

void label_place(struct label *labels, size_t count, const struct box *frame,
                 const struct segment *lines, size_t line_count)
{
    size_t order[LABELS_MAX];

    if (count > LABELS_MAX) count = LABELS_MAX;
    for (size_t i = 0; i < count; i++) {
        labels[i].at_x = labels[i].x + MARK;
        labels[i].at_y = labels[i].y;
    }
    for (size_t i = 0; i < count; i++) { /* long names first: they have the least choice */
        size_t j = i;
        for (; j > 0 && labels[order[j - 1]].width < labels[i].width; j--) order[j] = order[j - 1];
        order[j] = i;
    }
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < count; i++)
            settle(labels, count, order[i], frame, lines, line_count);
    for (size_t i = 0; i < count; i++) {
        const struct segment leader = leader_of(&labels[i]);
        labels[i].from_x = leader.x0;
        labels[i].from_y = leader.y0;
        labels[i].leader = hypot(leader.x0 - labels[i].x, leader.y0 - labels[i].y) > near_gap;
    }
}

/* The nearest heights (least squares) with that gap: by the heights less the gaps below them the
 * wanted order is plain "not falling", and neighbours that fall are pooled at their mean. */
void label_spread(double *y, size_t count, double gap, double bottom, double top)
{
    size_t order[LABELS_MAX], sizes[LABELS_MAX], pools = 0;
    double means[LABELS_MAX];

    if (count > LABELS_MAX) return;
    for (size_t i = 0; i < count; i++) {
        size_t j = i;
        for (; j > 0 && y[order[j - 1]] > y[i]; j--) order[j] = order[j - 1];
        order[j] = i;
    }
    for (size_t i = 0; i < count; i++, pools++) {
        means[pools] = y[order[i]] - (double)i * gap;
        sizes[pools] = 1;
        for (; pools > 0 && means[pools - 1] > means[pools]; pools--) {
            const double a = (double)sizes[pools - 1], b = (double)sizes[pools];
            means[pools - 1] = (means[pools - 1] * a + means[pools] * b) / (a + b);
            sizes[pools - 1] += sizes[pools];
        }
    }
    const double highest = top - (double)(count ? count - 1 : 0) * gap;
    for (size_t pool = 0, i = 0; pool < pools; pool++)
        for (size_t k = 0; k < sizes[pool]; k++, i++)
            y[order[i]] = fmin(fmax(means[pool], bottom), highest) + (double)i * gap;
}
