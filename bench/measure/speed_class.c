/* speed_class.c: see speed_class.h. */
#include "measure/speed_class.h"

static int base_of(const struct entry *e, int count)
{
    int fastest = -1, library = -1;

    for (int i = 0; i < count; i++) {
        if (e[i].dead) continue;
        if (fastest < 0 || e[i].timed.call_us < e[fastest].timed.call_us) fastest = i;
        if (e[i].timed.impl->tier == LIBRARY &&
            (library < 0 || e[i].timed.call_us < e[library].timed.call_us))
            library = i;
    }
    return library >= 0 ? library : fastest;
}

/* The live entries of one class but the base, the faster first; returns how many. */
static int others(const struct entry *e, int count, int base, int slow, int *out)
{
    const double limit = CLASS_FACTOR * e[base].timed.call_us;
    int n = 0;

    for (int i = 0; i < count; i++) {
        if (e[i].dead || i == base || (e[i].timed.call_us > limit) != slow) continue;
        int at = n++;
        for (; at && e[out[at - 1]].timed.call_us > e[i].timed.call_us; at--) out[at] = out[at - 1];
        out[at] = i;
    }
    return n;
}

int speed_classes(const struct entry *entries, int count, struct speed_class *out)
{
    int order[ENTRIES_MAX], groups = 0;
    const int base = base_of(entries, count);

    for (int slow = 0; slow < 2 && base >= 0; slow++) {
        const int n = others(entries, count, base, slow, order);
        int parts = (n + CLASS_MAX - 2) / (CLASS_MAX - 1), from = 0;
        if (!slow && !parts) parts = 1; /* the base alone */
        for (int i = 0; i < parts; i++) {
            struct speed_class *c = &out[groups];
            *c = (struct speed_class){.count = 1, .member = {base}, .guest = groups++ ? 0 : -1};
            for (const int end = n * (i + 1) / parts; from < end;)
                c->member[c->count++] = order[from++];
        }
    }
    return groups;
}
