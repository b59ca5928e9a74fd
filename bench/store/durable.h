/* durable.h: a file that only grows, in steps that are on disk whole or not at all. Each step is
 * one write and an fsync; what a full disk cut short is taken back. */
#ifndef WHEELBENCH_DURABLE_H
#define WHEELBENCH_DURABLE_H
#include "store/plain.h"

struct durable {
    char path[4096];
    int fd;
    long lines;       /* on disk, without the header */
    long long length; /* bytes of the header and those lines */
    long before;      /* the same before the last step */
    long long length_before;
    const char *noun;           /* what a line is, in messages: "line", "row" */
    int torn;                   /* a line was cut and could not be taken back: none may follow */
    struct plain_buffer buffer; /* the next step: the caller fills it */
};

/* Creates dir/name, which must not exist, and locks it against other writers. Whatever it returns,
 * durable_close may be called. */
const char *durable_create(struct durable *d, const char *dir, const char *name);

/* Opens the file that is there, cuts it behind its header and so many lines, and goes on there. An
 * error when it has fewer. */
const char *durable_reopen(struct durable *d, const char *dir, const char *name, long lines);

/* Appends the buffer, which holds `lines` lines, and empties it. On failure the file is as before,
 * and the text says how many lines that is. */
const char *durable_append(struct durable *d, long lines);

/* Takes the last step back, because what it belongs to could not be written. */
const char *durable_undo(struct durable *d);
const char *durable_close(struct durable *d);
#endif
