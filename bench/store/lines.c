/* lines.c: finds an impl in the table of counted lines. The table itself is generated. */
#include "store/lines.h"

#include <stdlib.h>
#include <string.h>

static int by_file(const void *file, const void *entry)
{
    return strcmp(file, ((const struct lines_of *)entry)->file);
}

const struct lines_of *lines_find(const char *file)
{
    return bsearch(file, lines_table, (size_t)lines_table_count, sizeof *lines_table, by_file);
}
