/* json.h: the words of JSON, read without trust: texts, numbers, punctuation. Which of them may
 * follow which is the caller's. Texts are decoded in place, so the memory is changed. */
#ifndef WHEELBENCH_JSON_H
#define WHEELBENCH_JSON_H

struct json {
    const char *name, *start; /* start: of the whole text. Both for messages */
    char *at, *end;
};

/* "name:line: what", at the place where the reader stands. */
const char *json_wrong(const struct json *p, const char *what);

void json_blanks(struct json *p);
/* Takes the character c and blanks before it. 1: it was there. */
int json_take(struct json *p, char c);
/* A text in quotes; valid UTF-8, control characters that were escaped become blanks. */
const char *json_string(struct json *p, const char **text);
const char *json_number(struct json *p, double *v);
#endif
