/* run_list.h: which runs lie below a directory such as results/, found by their names and manifests
 * alone. */
#ifndef WHEELBENCH_RUN_LIST_H
#define WHEELBENCH_RUN_LIST_H
#include <stddef.h>

enum { RUN_LIST_NAME = 256 };

/* A run, and the directory of its device. */
struct listed_run {
    char run[RUN_LIST_NAME], device[RUN_LIST_NAME];
};

int run_list_is_dir(const char *path);
int run_list_is_run(const char *dir);

/* The directories below dir, sorted; runs begin with their time. NULL, or why not; the caller frees
 * *names either way. */
const char *run_list_names(const char *dir, char (**names)[RUN_LIST_NAME], int *count);

/* All runs of all devices below root, the newest first. The caller frees *runs, as above. */
const char *run_list_all(const char *root, struct listed_run **runs, int *count);

/* Is the manifest there, and does it say complete, and (NULL: any) this slug of the host? */
int run_list_complete(const char *dir, const char *host);

/* The slugs of the hosts of all complete runs below root, a space before each; those that find no
 * room are left out. */
void run_list_hosts(const char *root, char *to, size_t n);

/* Is the run of this commit? NULL: any. Its name ends with it. */
int run_list_of_commit(const char *run, const char *sha);
#endif
