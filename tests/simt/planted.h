/* planted.h: the frame of the programs here, which show what the checker sees. A program defines
 * FAULTS(X) as X(name, what must be reported, what is planted)..., includes this, and gives
 * wrong(f): runs its kernels with fault f in them and counts the wrong results.
 *   PROGRAM         nothing is planted: all must be right
 *   PROGRAM FAULT   that mistake is planted; it must be reported
 *   PROGRAM list    the faults, one a line: name;report;text (report is a grep -E pattern)
 * The same files, compiled by nvcc, run on a GPU. */
#ifndef SIMT_PLANTED_H
#define SIMT_PLANTED_H
#include <cuda_runtime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum fault {
    none,
#define X(name, report, text) name,
    FAULTS(X)
#undef X
};
static const struct {
    const char *name, *report, *text;
} planted[] = {{"none", "", ""},
#define X(name, report, text) {#name, report, text},
               FAULTS(X)
#undef X
};
enum { PLANTED = sizeof planted / sizeof *planted };

static int wrong(enum fault f);

/* Memory that host and device see, all NaN (-1 in integers) at first. */
template <class T> struct buffer {
    T *p = nullptr;
    int n;
    bool owned = true;
    explicit buffer(int n) : n(n)
    {
        const cudaError_t error = cudaMallocManaged(&p, sizeof(T) * n);
        if (error != cudaSuccess) printf("memory: %s\n", cudaGetErrorString(error)), exit(2);
        memset((void *)p, 0xff, sizeof(T) * n);
    }
    template <class F> buffer(int n, F value) : buffer(n)
    {
        for (int i = 0; i < n; i++) p[i] = value(i);
    }
    ~buffer() { owned ? (void)cudaFree(p) : (void)0; }
    buffer(const buffer &b) : p(b.p), n(b.n), owned(false) {} /* a launch copies its arguments */
    operator T *() const { return p; }
    /* how many differ from value(i); NaN differs */
    template <class F> int differ(F value) const
    {
        int bad = 0;
        const cudaError_t error = cudaDeviceSynchronize();
        if (error != cudaSuccess) printf("%s\n", cudaGetErrorString(error)), exit(2);
        for (int i = 0; i < n; i++) bad += !(p[i] == value(i));
        return bad;
    }
};

/* Out of bounds and misaligned are found by the sanitizers, which not every compiler has. */
static bool needs_sanitizer(const char *report)
{
    return strstr(report, "overflow") || strstr(report, "out of bounds") ||
           strstr(report, "misaligned");
}

int main(int argc, char **argv)
{
#ifdef __SANITIZE_ADDRESS__
    const bool sanitized = true;
#else
    const bool sanitized = false;
#endif
    int f = argc > 1 ? 1 : none;

    if (argc > 1 && !strcmp(argv[1], "list")) {
        for (f = 1; f < PLANTED; f++)
            if (sanitized || !needs_sanitizer(planted[f].report))
                printf("%s;%s;%s\n", planted[f].name, planted[f].report, planted[f].text);
        return 0;
    }
    while (argc > 1 && f < PLANTED && strcmp(planted[f].name, argv[1])) f++;
    if (f == PLANTED) {
        fprintf(stderr, "%s: no fault \"%s\"; \"list\" prints them\n", argv[0], argv[1]);
        return 2;
    }
    const int bad = wrong((enum fault)f);
    const cudaError_t error = cudaDeviceSynchronize();
    printf("%d wrong\n", bad);
    if (error != cudaSuccess) printf("%s\n", cudaGetErrorString(error));
    return bad || error != cudaSuccess;
}
#endif
