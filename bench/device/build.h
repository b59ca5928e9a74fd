/* build.h: what this binary was made of. `--version` prints it and the manifest records it, since a
 * number means little without compiler, flags and architectures. The values come from configure
 * (cmake/build.c.in) and, for commit and dirty, from the build itself (cmake/sha.cmake).
 * No string is NULL; what does not apply is "". */
#ifndef WHEELBENCH_BUILD_H
#define WHEELBENCH_BUILD_H

struct build_facts {
    const char *version;       /* 0.1.0 */
    const char *sha;           /* commit, 7 digits or more; "unknown" without git metadata */
    int dirty;                 /* sources differ from that commit */
    const char *flavour;       /* cpu-only, library-only, full */
    const char *build_type;    /* Release */
    const char *compiler;      /* gcc 12.2.0 */
    const char *flags;         /* -O3 -march=native ... */
    const char *nvcc;          /* nvcc 13.0.88 */
    const char *nvcc_flags;    /* -O3 -lineinfo ... */
    const char *architectures; /* 80;90, as CMake writes them; files of one architecture excepted */
    const char *tiers;         /* what was found where, or why not: lines that end in \n */
};

extern const struct build_facts build_facts;
#endif
