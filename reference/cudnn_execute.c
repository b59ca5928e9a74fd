/* cudnn_execute: what the conv2d impls of cuDNN share: prepare with a search of one's choice, and
 * run. A variant pack holds pointers, so each set of operands that the harness rotates through has
 * its own; they are made on first sight, by host work only. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "reference/cudnn_plan.h"

struct pack {
    struct operands o;
    cudnnBackendDescriptor_t pack;
};

struct state {
    struct cudnn_choice choice;
    int winner;
    struct pack *packs;
    int count, room, next; /* next: where the set after the last one probably is */
};

/* What a search has found, so that a problem that is prepared again is not searched again. */
struct memory {
    struct memory *next;
    char text[sizeof((struct problem *)0)->text];
    char tag[sizeof((struct cudnn_candidate *)0)->tag];
    char algo[sizeof((struct plan *)0)->algo];
};
static struct memory *memories; /* lives as long as the process */

const char *cudnn_pack_make(cudnnBackendDescriptor_t *pack, const struct operands *o)
{
    const void *pointer[3] = {o->in[0], o->in[1], o->out};
    const int64_t id[3] = {CUDNN_ID_X, CUDNN_ID_W, CUDNN_ID_Y};

    TRY_CUDNN(cudnnBackendCreateDescriptor(CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR, pack));
    TRY_CUDNN(cudnnBackendSetAttribute(*pack, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS,
                                       CUDNN_TYPE_VOID_PTR, 3, pointer));
    TRY_CUDNN(cudnnBackendSetAttribute(*pack, CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_TYPE_INT64,
                                       3, id));
    TRY_CUDNN(cudnnBackendSetAttribute(*pack, CUDNN_ATTR_VARIANT_PACK_WORKSPACE,
                                       CUDNN_TYPE_VOID_PTR, 1, &o->workspace));
    TRY_CUDNN(cudnnBackendFinalize(*pack));
    return NULL;
}

const char *cudnn_conv_why_not(const struct problem *p, const struct device *d)
{
    const struct conv2d *v = &p->conv2d;
    const double limit = 0x1p62, x = (double)v->n * (double)v->c * (double)v->h * (double)v->w,
                 w = (double)v->k * (double)v->c * (double)v->r * (double)v->s,
                 y = (double)v->n * (double)v->k * (double)v->p * (double)v->q;

    (void)d;
    return x < limit && w < limit && y < limit ? NULL : "needs tensors below 2^62 elements";
}

/* ---- prepare ---- */

static const char *choose(struct plan *plan, struct state *s, cudnn_select *select, int remember)
{
    struct cudnn_choice *c = &s->choice;
    struct cudnn_target target = {NULL, NULL};
    const struct memory *m = remember ? memories : NULL;

    TRY(cudnn_handle(&target.handle, NULL));
    TRY(cudnn_choice_make(c, &target, plan->problem, CUDNN_WORKSPACE_CAP));
    while (m && strcmp(m->text, plan->problem->text)) m = m->next;
    for (int i = 0; m && i < c->count; i++)
        if (!strcmp(c->item[i].tag, m->tag) && !cudnn_choice_build(c, i, CUDNN_WORKSPACE_CAP)) {
            s->winner = i;
            memcpy(plan->algo, m->algo, sizeof plan->algo);
            return NULL;
        }

    TRY(select(c, plan->problem, &s->winner));
    cudnn_algo_text(c, &c->item[s->winner], plan->algo, sizeof plan->algo);
    struct memory *found = remember ? malloc(sizeof *found) : NULL;
    if (found) {
        *found = (struct memory){.next = memories};
        memcpy(found->text, plan->problem->text, sizeof found->text);
        memcpy(found->tag, c->item[s->winner].tag, sizeof found->tag);
        memcpy(found->algo, plan->algo, sizeof found->algo);
        memories = found;
    }
    return NULL;
}

const char *cudnn_conv_prepare(struct plan *plan, cudnn_select *select, int remember)
{
    struct state *s = calloc(1, sizeof *s);

    if (!s) return "out of host memory";
    plan->state = s;
    TRY(choose(plan, s, select, remember));
    cudnn_choice_keep(&s->choice, s->winner);
    plan->workspace_bytes = (size_t)s->choice.item[s->winner].workspace;
    plan->slack = cudnn_slack(s->choice.item[s->winner].notes);
    return NULL;
}

/* ---- run ---- */

static int same(const struct operands *a, const struct operands *b)
{
    return a->in[0] == b->in[0] && a->in[1] == b->in[1] && a->out == b->out &&
           a->workspace == b->workspace;
}

static const char *find_pack(struct state *s, const struct operands *o,
                             cudnnBackendDescriptor_t *pack)
{
    for (int i = 0; i < s->count; i++) {
        const int at = (s->next + i) % s->count;
        if (!same(&s->packs[at].o, o)) continue;
        s->next = at + 1;
        *pack = s->packs[at].pack;
        return NULL;
    }
    if (s->count == s->room) {
        const int room = s->room ? 2 * s->room : 16;
        struct pack *more = realloc(s->packs, (size_t)room * sizeof *more);
        if (!more) return "out of host memory";
        s->packs = more, s->room = room;
    }
    struct pack *fresh = &s->packs[s->count];
    *fresh = (struct pack){.o = *o, .pack = NULL};
    const char *failed = cudnn_pack_make(&fresh->pack, o);
    if (failed) {
        cudnn_drop(&fresh->pack);
        return failed;
    }
    s->next = ++s->count;
    *pack = fresh->pack;
    return NULL;
}

const char *cudnn_conv_run(const struct plan *plan, const struct operands *o,
                           struct CUstream_st *stream)
{
    struct state *s = plan->state;
    cudnnBackendDescriptor_t pack;
    cudnnHandle_t handle;

    TRY(cudnn_handle(&handle, stream));
    TRY(find_pack(s, o, &pack));
    TRY_CUDNN(cudnnBackendExecute(handle, s->choice.item[s->winner].plan, pack));
    return NULL;
}

void cudnn_conv_cleanup(struct plan *plan)
{
    struct state *s = plan->state;

    if (!s) return;
    for (int i = 0; i < s->count; i++) cudnn_drop(&s->packs[i].pack);
    free(s->packs);
    cudnn_choice_free(&s->choice);
    free(s);
    plan->state = NULL;
}
