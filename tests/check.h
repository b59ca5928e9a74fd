/* check.h: assertions of all tests. A failed one prints where, what was seen, and what a user would
 * lose, and the test goes on; main ends with `return check_done();`. */
#ifndef WHEELBENCH_CHECK_H
#define WHEELBENCH_CHECK_H
#include <math.h>
#include <stdio.h>
#include <string.h>

static int check_count, check_failed;
static const char *check_loss = ""; /* of the checks that follow; set by CHECK_LOSS */

/* Says what a user would lose if the checks from here on failed: "a full disk destroys rows". */
#define CHECK_LOSS(text) (check_loss = (text))

static inline int check_result(int ok, const char *file, int line, const char *what)
{
    check_count++;
    if (ok) return 1;
    check_failed++;
    printf("%s:%d: %s\n    a user would lose: %s\n", file, line, what, check_loss);
    return 0;
}

static inline void check_strings(const char *got, const char *want, int whole, const char *file,
                                 int line, const char *what)
{
    const int ok = got && want && (whole ? !strcmp(got, want) : strstr(got, want) != NULL);

    if (!check_result(ok, file, line, what))
        printf("    got  '%s'\n    want '%s'%s\n", got ? got : "(null)", want ? want : "(null)",
               whole ? "" : " in it");
}

static inline void check_near(double got, double want, double tolerance, const char *file, int line,
                              const char *what)
{
    if (!check_result(fabs(got - want) <= tolerance, file, line, what)) /* NaN fails */
        printf("    got  %.17g\n    want %.17g within %g\n", got, want, tolerance);
}

static inline void check_ok(const char *why, const char *file, int line, const char *what)
{
    if (!check_result(!why, file, line, what)) printf("    it says: %s\n", why);
}

#define CHECK(condition) check_result((condition) ? 1 : 0, __FILE__, __LINE__, #condition)
#define CHECK_STR(got, want) check_strings(got, want, 1, __FILE__, __LINE__, #got)
#define CHECK_NEAR(got, want, tolerance)                                                           \
    check_near(got, want, tolerance, __FILE__, __LINE__, #got " near " #want)
/* Of functions that return NULL or why not: it worked; it failed with these words in the reason. */
#define CHECK_OK(call) check_ok(call, __FILE__, __LINE__, #call)
#define CHECK_FAILS(call, words) check_strings(call, words, 0, __FILE__, __LINE__, #call)

/* Prints the count; the exit status of the test. */
static inline int check_done(void)
{
    printf("%d checks, %d failed\n", check_count, check_failed);
    return check_failed ? 1 : 0;
}
#endif
