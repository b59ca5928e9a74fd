/* fail.c: the one line of failure text of each thread, see fail.h. */
#include "fail.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "store/plain.h"

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

    /* ESC and its kin would command the terminal, and half a character (of a text cut by %.40s) or
     * a byte that is none is no UTF-8. */
    plain_clean(line, sizeof line, fresh, n);
    return line;
}
