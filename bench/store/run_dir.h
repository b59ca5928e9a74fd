/* run_dir.h: where a run is kept: ROOT/<slug>/<UTC>-<commit>. */
#ifndef WHEELBENCH_RUN_DIR_H
#define WHEELBENCH_RUN_DIR_H
#include <stddef.h>

/* Lower case, each run of other characters than a-z 0-9 one '-', none at the ends: "NVIDIA H100
 * 80GB HBM3" is nvidia-h100-80gb-hbm3. A name without any such character is "unknown". */
void slug_from(const char *name, char *slug, size_t n);

/* Makes a directory that did not exist and its parents; dir gets its path, run_id its name, such as
 * 20260301T101502Z-a1b2c3d. sha: the commit, -dirty included. When a run of this second exists the
 * next second is taken. NULL, or why not. */
const char *run_dir_create(const char *root, const char *slug, const char *sha, char *dir, size_t n,
                           char *run_id, size_t m);
#endif
