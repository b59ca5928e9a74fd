/* apart_reason.c: from what a checker prints when it stops a process, many lines with addresses, to
 * the line that a person needs: which fault, how large, in which line of which kernel. */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include "measure/apart.h"

/* Appends at most len characters of text. */
static void add(char *to, size_t n, const char *text, size_t len)
{
    const size_t at = strlen(to);

    snprintf(to + at, n - at, "%.*s", (int)len, text);
}
static void add_text(char *to, size_t n, const char *text) { add(to, n, text, strlen(text)); }

/* Length of the text before one of the ends, or before the end of the line. */
static size_t until(const char *text, const char *end)
{
    const size_t line = strcspn(text, "\n");
    const char *at = strstr(text, end);

    return at && at < text + line ? (size_t)(at - text) : line;
}

/* simt: a line, and for a hang the indented ones below, which say who waits where. */
static void of_simt(const char *at, char *to, size_t n)
{
    add(to, n, at, strcspn(at, "\n"));
    for (const char *s = at + strcspn(at, "\n"); !strncmp(s, "\n  ", 3); s += strcspn(s, "\n")) {
        s += 1 + strspn(s + 1, " ");
        add_text(to, n, "; ");
        add(to, n, s, strcspn(s, "\n"));
    }
}

/* "#0 0x55 in smem<float> kernels/gemm/gemm_smem.cu:22": the first such line in our sources. */
static void add_frame(char *to, size_t n, const char *text)
{
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        const size_t len = strcspn(line, "\n");
        const char *file = NULL;
        const char *const roots[] = {"kernels/", "reference/", "bench/"};
        if (!memchr(line, '#', len < 8 ? len : 8)) continue;
        for (int i = 0; i < 3 && !file; i++) {
            const char *at = strstr(line, roots[i]);
            if (at && at < line + len) file = at;
        }
        if (!file) continue;
        add_text(to, n, " at ");
        add(to, n, file, strcspn(file, " \n"));
        return;
    }
}

/* "READ of size 4", then what is there: an operand's fence, named by a line "fence: 8 bytes behind
 * A"; or what AddressSanitizer calls it and knows of it. */
static void of_asan(const char *at, char *to, size_t n)
{
    const char *access = strstr(at, "\nREAD of size"), *where = strstr(at, " is located "),
               *fence = strstr(at, "\nfence: ");

    if (!access) access = strstr(at, "\nWRITE of size");
    add_text(to, n, "AddressSanitizer: ");
    if (access) {
        const size_t address = until(access + 1, " at 0x"), thread = until(access + 1, " thread");
        add(to, n, access + 1, address < thread ? address : thread);
        add_text(to, n, ", ");
    }
    if (fence) add(to, n, fence + 8, until(fence + 8, "\n"));
    else add(to, n, at, until(at, " on "));
    if (where && !fence) {
        const char *what = where + 12;
        const size_t defined = until(what, " defined in"), bracket = until(what, " (0x");
        add_text(to, n, ", ");
        add(to, n, what, defined < bracket ? defined : bracket);
    }
    add_frame(to, n, at);
}

/* "kernels/cell.cuh:118:30: runtime error: load of misaligned address 0x... for type ..." */
static void of_ubsan(const char *said, const char *at, char *to, size_t n)
{
    const char *line = at;

    while (line > said && line[-1] != '\n') line--;
    add_text(to, n, "UBSan: ");
    add(to, n, at + 15, until(at + 15, "\n"));
    add_text(to, n, " at ");
    add(to, n, line, (size_t)(at - line) - 2);
}

const char *apart_reason(const char *said, int status, char *to, size_t n)
{
    const char *simt = strncmp(said, "simt: ", 6) ? strstr(said, "\nsimt: ") : said,
               *asan = strstr(said, "ERROR: AddressSanitizer: "),
               *ubsan = strstr(said, "runtime error: ");

    to[0] = '\0';
    if (simt) of_simt(simt + 6 + (*simt == '\n'), to, n);
    else if (asan) of_asan(asan + 25, to, n);
    else if (ubsan) of_ubsan(said, ubsan, to, n);
    else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        snprintf(to, n, "does not end: stopped after its share of CPU time");
    else if (WIFSIGNALED(status)) snprintf(to, n, "killed by signal %d", WTERMSIG(status));
    else snprintf(to, n, "ended with status %d", WEXITSTATUS(status));
    return to;
}
