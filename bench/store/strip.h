/* strip.h: reads C or CUDA C line by line and tells code from comments and from the inside of
 * strings. Only what count_lines needs: no macro is expanded, every branch of #if is code. */
#ifndef WHEELBENCH_STRIP_H
#define WHEELBENCH_STRIP_H
#include <stddef.h>
#include <stdio.h>

enum strip_state { CODE, LINE_COMMENT, BLOCK_COMMENT, STRING, CHARACTER, RAW_STRING };

struct strip {
    char *raw;  /* the line as it stands, without its LF */
    char *code; /* same length: comments are spaces, the inside of strings is x */
    /* the rest is strip.c's own */
    FILE *file;
    size_t size;
    enum strip_state state;
    int plain_c;    /* C has no raw strings */
    char close[32]; /* )delimiter" of the raw string */
};

void strip_open(struct strip *s, FILE *f, int plain_c);
int strip_line(struct strip *s);  /* 1: raw and code hold the next line; 0: end of file */
int strip_close(struct strip *s); /* 0, or -1 when the file ended inside a comment or string */
#endif
