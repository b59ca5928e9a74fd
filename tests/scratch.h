/* scratch.h: a directory of its own for a test that writes files, in TMPDIR or /tmp, and gone at
 * the end. Include it first: it asks the system headers for what lies beyond C11. */
#ifndef WHEELBENCH_SCRATCH_H
#define WHEELBENCH_SCRATCH_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch_dir[512];

static inline void scratch_remove(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;

    while (dir && (entry = readdir(dir))) {
        char below[4096];
        struct stat about;
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        if (snprintf(below, sizeof below, "%s/%s", path, entry->d_name) >= (int)sizeof below)
            continue;
        if (!lstat(below, &about) && S_ISDIR(about.st_mode)) scratch_remove(below);
        else unlink(below);
    }
    if (dir) closedir(dir);
    rmdir(path);
}

static inline void scratch_end(void) { scratch_remove(scratch_dir); }

static inline void scratch_begin(void)
{
    const char *root = getenv("TMPDIR");

    snprintf(scratch_dir, sizeof scratch_dir, "%s/wheelbench-test-XXXXXX",
             root && *root ? root : "/tmp");
    if (!mkdtemp(scratch_dir)) {
        perror(scratch_dir);
        exit(1);
    }
    atexit(scratch_end);
}

/* The path of `name` in the scratch directory; four calls are valid at a time. */
static inline const char *scratch_path(const char *name)
{
    static char paths[4][1024];
    static int next;
    char *path = paths[next++ % 4];

    snprintf(path, sizeof paths[0], "%s/%s", scratch_dir, name);
    return path;
}

/* Writes a file there and returns its path. */
static inline const char *scratch_write(const char *name, const void *data, size_t length)
{
    const char *path = scratch_path(name);
    FILE *file = fopen(path, "wb");

    if (!file || fwrite(data, 1, length, file) != length || fclose(file)) {
        perror(path);
        exit(1);
    }
    return path;
}

/* The whole file and a NUL; the caller frees it. NULL: it is not there. */
static inline char *scratch_read(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *data = NULL;
    size_t size = 0;

    *length = 0;
    if (!file) return NULL;
    do {
        if (*length + 4096 + 1 > size) data = realloc(data, size = 2 * size + 8192);
        if (!data) exit(1);
        *length += fread(data + *length, 1, 4096, file);
    } while (!feof(file) && !ferror(file));
    data[*length] = 0;
    fclose(file);
    return data;
}
#endif
