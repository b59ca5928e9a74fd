/* count_lines: the lines you own with each impl, counted from its source. Built and run before all
 * else; its output, a C table, is compiled into the harness (lines.h).
 *
 *   count_lines ROOT OUT.c FILE...       FILEs: all sources of kernels/ and reference/, from ROOT
 *
 * An impl that says `extern const struct impl b;` calls another one of its directory, and takes
 * that file along with all that it takes. Own: the lines of the impl's file. Shared: those of all
 * that it takes along: the headers of kernels/ and reference/ that it includes, directly or not,
 * and their bodies, each once. A FILE without struct impl is a body: of the header of its own name,
 * or, without one, of those that it includes. Not counted: comments, blank lines, #include, #pragma
 * once, lines of only brackets, commas and semicolons, the pieces that exist for Wheelbench alone
 * (why_not, struct impl), headers of bench/ and of the system. Fails when a FILE is neither impl
 * nor body, includes what is not there, or has a code line over 100 columns: packing code into wide
 * lines must not pay. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/sources.h"

/* Places in sources[] of what an impl takes along, the impl itself first. */
static int carried[MAX_SOURCES], carried_count;

static void carry(int place)
{
    for (int i = 0; i < carried_count; i++)
        if (carried[i] == place) return;
    carried[carried_count++] = place;
}

static int includes(const struct source *s, int header)
{
    for (int i = 0; i < s->include_count; i++)
        if (s->includes[i] == header) return 1;
    return 0;
}

/* Is FILE, one of the command line, part of what one gets with this header? */
static int is_body_of(const struct source *file, int header)
{
    if (file->has_impl) return 0;
    return file->header >= 0 ? file->header == header : includes(file, header);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lines of all that this impl takes along besides itself. */
static int shared_lines(int impl, char *const *file, int files)
{
    int lines = 0;

    carried_count = 0;
    carry(impl);
    for (int i = 0; i < carried_count; i++) { /* grows while it is walked */
        const int place = carried[i];
        for (int j = 0; j < sources[place].include_count; j++) carry(sources[place].includes[j]);
        for (int j = 0; j < files; j++)
            if (is_body_of(&sources[source_of(file[j])], place)) carry(source_of(file[j]));
        if (i > 0) lines += sources[place].lines;
    }
    return lines;
}

int main(int argc, char **argv)
{
    char **const file = argv + 3;
    const int files = argc - 3;
    int entries = 0;

    if (files < 1) {
        fprintf(stderr, "usage: count_lines ROOT OUT.c FILE...\n");
        return 2;
    }
    source_root = argv[1];
    qsort(file, (size_t)files, sizeof *file, by_text); /* lines_find searches by halves */
    for (int i = 0; i < files; i++) {
        const struct source *s = &sources[source_of(file[i])];
        if (!s->has_impl && s->header < 0 && s->include_count == 0)
            source_fail(file[i], 1, "no struct impl, and no header that it could belong to", "");
    }

    FILE *out = fopen(argv[2], "w");
    if (!out) source_fail(argv[2], 1, "cannot write it", "");
    fprintf(out, "/* written by count_lines */\n#include \"store/lines.h\"\n\n"
                 "const struct lines_of lines_table[] = {\n");
    for (int i = 0; i < files; i++) {
        const int place = source_of(file[i]);
        if (!sources[place].has_impl) continue;
        fprintf(out, "    {\"%s\", %d, %d},\n", file[i], sources[place].lines,
                shared_lines(place, file, files));
        entries++;
    }
    fprintf(out, "    {\"\", 0, 0},\n};\nconst int lines_table_count = %d;\n", entries);
    if (ferror(out) | fclose(out)) source_fail(argv[2], 1, "cannot write it", "");
    return 0;
}
