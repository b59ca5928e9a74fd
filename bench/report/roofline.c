/* roofline.c: the figure "Is it us, or the machine?": useful flop per compulsory byte against
 * useful FLOP/s, one panel per place and precision, one problem per op. All rungs of a problem
 * share a vertical, so the stem from a rung up to the roof is what is left to gain. */
#include "report/roofline.h"
#include <stdlib.h>
#include <string.h>
#include "report/figures.h"

static int has_flops(const struct row *r, const void *precision)
{
    return !strcmp(r->precision, precision) && r->flop > 0 && r->bytes > 0;
}

static void add_panel(struct roofline *f, const char *place, const char *precision)
{
    struct roofline_panel *p = &f->panels[f->count];
    const size_t count = f->run->count;
    const char *ops[32];
    const size_t op_count = stored_ops(f->run, ops, 32);

    if (f->count == ROOFLINE_PANELS || !(p->rows = choose_rows(f->run, has_flops, precision)))
        return;
    for (size_t i = 0; i < op_count && p->count < VERTICALS_MAX; i++) {
        const struct headline h = derive_headline(p->rows, count, ops[i], place);
        struct vertical *v = &p->verticals[p->count];
        if (!h.of) continue;
        v->of = h.of;
        v->x = h.of->flop / h.of->bytes;
        p->roof = stored_roof(f->run, h.of);
        p->count += choose_series(p->rows, count, h.of, v->rungs) > 0;
    }
    if (p->count && p->roof.gflops > 0 && p->roof.gbs > 0) {
        p->spec = spec_find(f->run, p->verticals[0].of->device, precision);
        f->count++;
        *(strcmp(place, "host") ? &f->device : &f->host) = 1;
        return;
    }
    free(p->rows);
    memset(p, 0, sizeof *p);
}

const char *roofline_write(const struct stored_run *run, const char *dir, int *panels)
{
    static const char *const order[][2] = {{"device", "f32"}, {"device", "bf16"}, {"host", "f32"},
                                           {"device", "f16"}, {"device", "tf32"}, {"device", "f64"},
                                           {"host", "f64"}};
    struct roofline f = {.run = run};
    const char *why = NULL;

    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        add_panel(&f, order[i][0], order[i][1]);
    *panels = f.count;
    if (f.count) why = roofline_draw(&f, dir);
    for (int i = 0; i < f.count; i++) free(f.panels[i].rows);
    return why;
}
