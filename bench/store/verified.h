/* verified.h: results/verified.csv: which runs a maintainer measured again, and by which run. */
#ifndef WHEELBENCH_VERIFIED_H
#define WHEELBENCH_VERIFIED_H

struct verified {
    struct verified_line {
        char run[64], by_run[64]; /* names of run directories */
    } * lines;
    int count;
};

/* Strict: the header run,by_run and two names a line, no run twice. A file that is not there is an
 * empty list. verified_free afterwards, whatever it returns. */
const char *verified_read(const char *path, struct verified *v);
void verified_free(struct verified *v);
const char *verified_by(const struct verified *v, const char *run); /* NULL: by none */
#endif
