/* cudnn_plan: which execution plans cuDNN has for a convolution, and which of them keep the
 * precision contract. f32 tensors get TF32 engines first and no attribute forbids them: the notes
 * of each candidate are the only way to tell, so the filter stands here and is tested. */
#include <stdio.h>
#include <string.h>
#include "reference/cudnn_plan.h"

static int noted(unsigned notes, cudnnBackendNumericalNote_t note) { return notes >> note & 1; }

/* ---- candidates ---- */

/* Fills c from c->config: engine, notes, workspace, knobs. own[] receives descriptors that the
 * caller drops: cudnnBackendGetAttribute fills in descriptors that must already be there. */
static const char *read_config(struct cudnn_candidate *c, cudnnBackendDescriptor_t *engine,
                               cudnnBackendDescriptor_t knob[CUDNN_KNOB_TYPE_COUNTS])
{
    cudnnBackendNumericalNote_t note[CUDNN_NUMERICAL_NOTE_TYPE_COUNT];
    int64_t got = 0, index = -1;

    TRY_CUDNN(cudnnBackendCreateDescriptor(CUDNN_BACKEND_ENGINE_DESCRIPTOR, engine));
    TRY_CUDNN(cudnnBackendGetAttribute(c->config, CUDNN_ATTR_ENGINECFG_ENGINE,
                                       CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &got, engine));
    TRY_CUDNN(cudnnBackendGetAttribute(*engine, CUDNN_ATTR_ENGINE_GLOBAL_INDEX, CUDNN_TYPE_INT64, 1,
                                       &got, &index));
    got = 0;
    TRY_CUDNN(cudnnBackendGetAttribute(*engine, CUDNN_ATTR_ENGINE_NUMERICAL_NOTE,
                                       CUDNN_TYPE_NUMERICAL_NOTE, CUDNN_NUMERICAL_NOTE_TYPE_COUNT,
                                       &got, note));
    for (int i = 0; i < got && i < CUDNN_NUMERICAL_NOTE_TYPE_COUNT; i++) c->notes |= 1u << note[i];
    /* not every engine says before the plan is built; the plan's own figure decides then */
    if (cudnnBackendGetAttribute(c->config, CUDNN_ATTR_ENGINECFG_WORKSPACE_SIZE, CUDNN_TYPE_INT64,
                                 1, &got, &c->workspace) != CUDNN_STATUS_SUCCESS)
        c->workspace = 0;

    for (int i = 0; i < CUDNN_KNOB_TYPE_COUNTS; i++)
        TRY_CUDNN(cudnnBackendCreateDescriptor(CUDNN_BACKEND_KNOB_CHOICE_DESCRIPTOR, &knob[i]));
    got = 0;
    TRY_CUDNN(cudnnBackendGetAttribute(c->config, CUDNN_ATTR_ENGINECFG_KNOB_CHOICES,
                                       CUDNN_TYPE_BACKEND_DESCRIPTOR, CUDNN_KNOB_TYPE_COUNTS, &got,
                                       knob));
    size_t len = (size_t)snprintf(c->tag, sizeof c->tag, "eng%lld", (long long)index);
    for (int i = 0; i < got && i < CUDNN_KNOB_TYPE_COUNTS && len < sizeof c->tag; i++) {
        cudnnBackendKnobType_t type;
        int64_t value, one;

        TRY_CUDNN(cudnnBackendGetAttribute(knob[i], CUDNN_ATTR_KNOB_CHOICE_KNOB_TYPE,
                                           CUDNN_TYPE_KNOB_TYPE, 1, &one, &type));
        TRY_CUDNN(cudnnBackendGetAttribute(knob[i], CUDNN_ATTR_KNOB_CHOICE_KNOB_VALUE,
                                           CUDNN_TYPE_INT64, 1, &one, &value));
        len += (size_t)snprintf(c->tag + len, sizeof c->tag - len, "_k%d=%lld", (int)type,
                                (long long)value);
    }
    return NULL;
}

/* Takes config over into the next free item; a duplicate goes away again (FALLBACK repeats A). One
 * that cannot be read stays without a tag and is never permitted: its notes are unknown. */
static void adopt(struct cudnn_choice *c, cudnnBackendDescriptor_t config)
{
    struct cudnn_candidate *item = &c->item[c->count];
    cudnnBackendDescriptor_t engine = NULL, knob[CUDNN_KNOB_TYPE_COUNTS] = {NULL};

    *item = (struct cudnn_candidate){.config = config, .ms = -1};
    const char *failed = read_config(item, &engine, knob);
    for (int i = 0; i < CUDNN_KNOB_TYPE_COUNTS; i++) cudnn_drop(&knob[i]);
    cudnn_drop(&engine);
    int keep = 1;
    if (failed) {
        snprintf(c->refusal, sizeof c->refusal, "%s", failed);
        item->tag[0] = '\0';
    } else {
        for (int i = 0; i < c->count && keep; i++) keep = strcmp(item->tag, c->item[i].tag) != 0;
    }
    if (keep) c->count++;
    else cudnn_drop(&item->config);
}

static const char *ask(struct cudnn_choice *c, cudnnBackendHeurMode_t mode,
                       cudnnBackendDescriptor_t *heuristic,
                       cudnnBackendDescriptor_t config[CUDNN_CANDIDATES])
{
    int64_t want = 0, got = 0;

    TRY_CUDNN(cudnnBackendCreateDescriptor(CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR, heuristic));
    TRY_CUDNN(cudnnBackendSetAttribute(*heuristic, CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH,
                                       CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &c->part[5]));
    TRY_CUDNN(cudnnBackendSetAttribute(*heuristic, CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE,
                                       1, &mode));
#if CUDNN_VERSION >= 90800
    if (c->target.device)
        TRY_CUDNN(cudnnBackendSetAttribute(*heuristic, CUDNN_ATTR_ENGINEHEUR_DEVICEPROP,
                                           CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &c->target.device));
#endif
    const cudnnStatus_t status = cudnnBackendFinalize(*heuristic);
    if (status != CUDNN_STATUS_SUCCESS) { /* this mode knows no engine: the other may */
        snprintf(c->refusal, sizeof c->refusal, "%s", cudnn_why("heuristics", status));
        return NULL;
    }
    TRY_CUDNN(cudnnBackendGetAttribute(*heuristic, CUDNN_ATTR_ENGINEHEUR_RESULTS,
                                       CUDNN_TYPE_BACKEND_DESCRIPTOR, 0, &want, NULL));
    if (want > CUDNN_CANDIDATES - c->count) want = CUDNN_CANDIDATES - c->count;
    for (int i = 0; i < want; i++)
        TRY_CUDNN(cudnnBackendCreateDescriptor(CUDNN_BACKEND_ENGINECFG_DESCRIPTOR, &config[i]));
    if (want)
        TRY_CUDNN(cudnnBackendGetAttribute(*heuristic, CUDNN_ATTR_ENGINEHEUR_RESULTS,
                                           CUDNN_TYPE_BACKEND_DESCRIPTOR, want, &got, config));
    for (int i = 0; i < got && i < want; i++) {
        const cudnnBackendDescriptor_t taken = config[i];
        config[i] = NULL;
        adopt(c, taken);
    }
    return NULL;
}

static const char *query(struct cudnn_choice *c, cudnnBackendHeurMode_t mode)
{
    cudnnBackendDescriptor_t heuristic = NULL, config[CUDNN_CANDIDATES] = {NULL};
    const char *failed = ask(c, mode, &heuristic, config);

    for (int i = 0; i < CUDNN_CANDIDATES; i++) cudnn_drop(&config[i]);
    cudnn_drop(&heuristic);
    return failed;
}

/* FFT and Winograd stay: they are f32 however reached, if the result meets the bound. tf32 keeps
 * all: a stricter plan meets its bound too. */
static int permits(enum precision precision, int64_t cap, const struct cudnn_candidate *c)
{
    if (!c->tag[0] || c->workspace > cap ||
        noted(c->notes, CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS) ||
        noted(c->notes, CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION))
        return 0;
    return precision != F32 || !noted(c->notes, CUDNN_NUMERICAL_NOTE_TENSOR_CORE);
}

const char *cudnn_choice_make(struct cudnn_choice *c, const struct cudnn_target *t,
                              const struct problem *p, int64_t workspace_cap)
{
    c->target = *t;
    TRY(cudnn_graph_make(t, p, c->part));
    TRY(query(c, CUDNN_HEUR_MODE_A));
    TRY(query(c, CUDNN_HEUR_MODE_FALLBACK));
    for (int i = 0; i < c->count; i++)
        c->permitted += c->item[i].permitted = permits(p->precision, workspace_cap, &c->item[i]);
    if (!c->count) return fail_text("cuDNN has no engine for this (%s)", c->refusal);
    if (!c->permitted)
        return fail_text("none of cuDNN's %d plans keeps the precision contract within %lld MiB of "
                         "workspace",
                         c->count, (long long)workspace_cap >> 20);
    return NULL;
}

void cudnn_choice_keep(struct cudnn_choice *c, int winner)
{
    for (int i = 0; i < c->count; i++)
        if (i != winner) cudnn_drop(&c->item[i].plan), cudnn_drop(&c->item[i].config);
}

void cudnn_choice_free(struct cudnn_choice *c)
{
    cudnn_choice_keep(c, -1);
    for (int i = CUDNN_GRAPH_PARTS - 1; i >= 0; i--) cudnn_drop(&c->part[i]);
}

/* ---- plans ---- */

static const char *build(const struct cudnn_target *t, struct cudnn_candidate *c)
{
    int64_t got;

    TRY_CUDNN(cudnnBackendCreateDescriptor(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR, &c->plan));
    if (t->handle)
        TRY_CUDNN(cudnnBackendSetAttribute(c->plan, CUDNN_ATTR_EXECUTION_PLAN_HANDLE,
                                           CUDNN_TYPE_HANDLE, 1, &t->handle));
    TRY_CUDNN(cudnnBackendSetAttribute(c->plan, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG,
                                       CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &c->config));
    TRY_CUDNN(cudnnBackendFinalize(c->plan));
    TRY_CUDNN(cudnnBackendGetAttribute(c->plan, CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE,
                                       CUDNN_TYPE_INT64, 1, &got, &c->workspace));
    return NULL;
}

const char *cudnn_choice_build(struct cudnn_choice *c, int i, int64_t workspace_cap)
{
    struct cudnn_candidate *item = &c->item[i];
    const char *failed = build(&c->target, item);

    if (!failed && item->workspace > workspace_cap)
        failed = fail_text("%s needs %lld MiB of workspace", item->tag,
                           (long long)item->workspace >> 20);
    if (failed) {
        cudnn_drop(&item->plan);
        snprintf(c->refusal, sizeof c->refusal, "%s", failed);
    }
    return failed;
}

void cudnn_algo_text(const struct cudnn_choice *c, const struct cudnn_candidate *item, char *to,
                     size_t n)
{
    static const struct {
        cudnnBackendNumericalNote_t note;
        const char *name;
    } known[] = {{CUDNN_NUMERICAL_NOTE_TENSOR_CORE, " tc"},
                 {CUDNN_NUMERICAL_NOTE_FFT, " fft"},
                 {CUDNN_NUMERICAL_NOTE_WINOGRAD, " winograd"},
                 {CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC, " nondeterministic"}};
    char tail[120] = "";
    size_t len = 0;

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (noted(item->notes, known[i].note))
            len += (size_t)snprintf(tail + len, sizeof tail - len, "%s", known[i].name);
    len += (size_t)snprintf(tail + len, sizeof tail - len, " %d/%d", c->permitted, c->count);
    if (c->untried)
        len += (size_t)snprintf(tail + len, sizeof tail - len, " untried %d", c->untried);
    const size_t room = n > len + 1 ? n - len - 1 : 0, tag = strlen(item->tag);
    if (tag <= room) snprintf(to, n, "%s%s", item->tag, tail);
    else snprintf(to, n, "%.*s..%s", room > 2 ? (int)(room - 2) : 0, item->tag, tail);
}

/* The notes do not say how large an FFT's or a Winograd's tile is, so all get the widest bound. */
double cudnn_slack(unsigned notes)
{
    return noted(notes, CUDNN_NUMERICAL_NOTE_FFT) || noted(notes, CUDNN_NUMERICAL_NOTE_WINOGRAD)
               ? 8
               : 1;
}
