/* sums.h: SHA256SUMS, by which a stored run is known to be as it was sent. coreutils' sha256sum
 * computes, and checks it without Wheelbench: sha256sum -c SHA256SUMS. */
#ifndef WHEELBENCH_SUMS_H
#define WHEELBENCH_SUMS_H

#define SUMS_NAME "SHA256SUMS"

/* The files of a run that are stored and never change. */
extern const char *const sums_files[]; /* a NULL at the end */

/* Writes dir/SHA256SUMS over those of sums_files that are there. NULL, or why not. */
const char *sums_write(const char *dir);

/* NULL: dir/SHA256SUMS lists exactly those that are there, and each has its sum. Else what differs,
 * in which case *differs is 1, or why it could not be computed: 0. */
const char *sums_check(const char *dir, int *differs);
#endif
