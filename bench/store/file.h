/* file.h: files opened and saved so that neither a strange path nor a full disk surprises. Every
 * failure is a text with the path and what the system said. */
#ifndef WHEELBENCH_FILE_H
#define WHEELBENCH_FILE_H
#include <stddef.h>

/* Opens a regular file for reading and sets *fd; directories, FIFOs and devices are refused without
 * waiting. *size gets its length. */
const char *file_open(const char *path, int *fd, long long *size);

/* The whole file with a NUL behind it, at most `max` bytes; *text is to be freed, whatever it
 * returns. */
const char *file_read(const char *path, size_t max, char **text, size_t *length);

/* Writes dir/name in full under a temporary name, fsyncs and renames: readers see the old file or
 * the new one, never a part. */
const char *file_save(const char *dir, const char *name, const char *data, size_t length);

/* Writes all bytes to fd. 0, or -1 with errno. */
int file_write(int fd, const char *data, size_t length);

/* A new name in a directory is on disk only after the directory is. Best effort: some file systems
 * cannot. */
void file_sync_dir(const char *dir);
#endif
