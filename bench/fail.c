/* fail.c: the one line of failure text of each thread, see fail.h. */
#include "fail.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE = 1024 }; /* as much as the column `reason` of results.csv holds */

const char *fail_text(const char *format, ...)
{
    static _Thread_local char line[LINE];
    char fresh[LINE]; /* the arguments may point into line: a reason wrapped into a longer one */
    va_list arguments;

    va_start(arguments, format);
    const int length = vsnprintf(fresh, sizeof fresh, format, arguments);
    va_end(arguments);
    if (length < 0) return "a failure whose text could not be made";

    /* A cut text must not end inside a character of several bytes. */
    size_t n = strlen(fresh);
    if ((size_t)length > n) {
        size_t head = n;
        while (head && ((unsigned char)fresh[head - 1] & 0xc0) == 0x80) head--;
        if (head && (unsigned char)fresh[head - 1] >= 0xc0) n = head - 1;
        fresh[n] = 0;
    }

    /* ESC and its kin, C1 included (in UTF-8: C2 80 to C2 9F), would command the terminal. */
    for (size_t i = 0; i < n; i++) {
        const unsigned char c = (unsigned char)fresh[i], next = (unsigned char)fresh[i + 1];
        if (c < ' ' || c == 127) fresh[i] = ' ';
        if (c == 0xc2 && next >= 0x80 && next < 0xa0) fresh[i] = fresh[i + 1] = ' ';
    }
    memcpy(line, fresh, n + 1);
    return line;
}
