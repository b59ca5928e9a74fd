/* strings.c: comment marks inside strings and characters, and strings inside comments. */
#include <stdio.h>

// a "comment
/* another "one that
   goes on */
static const char *a = "/* code */"; /* 1 */
static const char *b = "// code";    // 2
static const char *c = "\"/*";       /* 3: the quote is escaped */
static const char quote = '"', star = '*', /* 4: so this is code: */ slash = '/';
static const char back = '\\', tick = '\''; /* 5 */ /* "*/
static int /* 6: a comment
with code behind it */ d;            /* 7 */
#define LONG(x) \
    do {        \
        d += x; \
    } while (0)
/* 8 the #define, 9 do, 10 d +=, 11 while */
// a line comment that goes on \
   here, so this is no code
static const char *e = "a string that goes \
// on here";
/* 12 and 13 */
#pragma once
#   pragma   once
#pragma GCC unroll 4
/* 14: pragma unroll is one's own */

static int run(void)
{
    if (d) {
        return LONG
    }
    ;
    return (
        1
    );
}
/* 15 run, 16 if, 17 return LONG, 18 return, 19 the 1 */

const struct impl strings = {
    .name = "strings }",
};
