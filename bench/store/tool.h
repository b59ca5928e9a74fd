/* tool.h: another program, run without a shell, so that no name of a file or run can become a
 * command. */
#ifndef WHEELBENCH_TOOL_H
#define WHEELBENCH_TOOL_H
#include "store/plain.h"

/* Runs argv (NULL at the end) and appends its stdout to *out; stderr is dropped. *status gets its
 * exit status, 128 + signal where it died of one. NULL, or why it could not run. */
const char *tool_run(const char *const argv[], struct plain_buffer *out, int *status);
#endif
