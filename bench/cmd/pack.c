/* pack.c: `wheelbench pack RUN` makes a run ready to be sent: checked, with the sums of its files,
 * as an archive and as the commands and the words of a pull request. It changes nothing in git. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmd/commands.h"
#include "fail.h"
#include "report/figures.h"
#include "report/result_table.h"
#include "report/rules.h"
#include "store/file.h"
#include "store/sums.h"
#include "store/tool.h"

#define SAMPLES_MOST (4 << 20) /* bytes that git should keep for ever; judgement, not evidence */

static void help(FILE *to)
{
    fputs("usage: wheelbench pack RUN [-o DIR]\n"
          "Checks a run of results/, writes its " SUMS_NAME ", its line in results/README.md and\n"
          "DIR/<run>.tar.gz, and prints what to type to send it in.\n\n"
          "  -o, --out DIR   of the archive (default out)\n",
          to);
}

/* Owner and order say nothing of the machine. */
static const char *archive(const char *dir, const char *id, const char *out, char *path, size_t n)
{
    char full[PATH_MAX], *slug;
    struct plain_buffer said = {0};
    int status = 0;

    TRY(figures_make_dir(out));
    snprintf(path, n, "%s/%.200s.tar.gz", out, id);
    if (!realpath(dir, full)) return fail_text("cannot read %s: %s", dir, strerror(errno));
    *strrchr(full, '/') = 0;
    slug = strrchr(full, '/');
    if (!slug) return fail_text("%s lies in no directory of a device", dir);
    *slug++ = 0;
    char member[PATH_MAX];
    if (snprintf(member, sizeof member, "%s/%s", slug, id) >= (int)sizeof member)
        return fail_text("%.100s...: the path is too long", dir);
    const char *const argv[] = {"tar",
                                "--create",
                                "--gzip",
                                "--file",
                                path,
                                "--sort=name",
                                "--owner=0",
                                "--group=0",
                                "--numeric-owner",
                                "--exclude=nvml.csv",
                                "--directory",
                                *full ? full : "/",
                                "--",
                                member,
                                NULL};
    const char *why = tool_run(argv, &said, &status);
    free(said.data);
    return why ? why : status ? fail_text("tar failed with status %d on %s", status, path) : NULL;
}

static const char *text_of(const struct stored_run *run, const char *group, const char *key)
{
    const char *text = manifest_text(&run->manifest, group, key);

    return text && *text ? text : "-";
}

/* What the directory above the run must be called. */
static const char *slug_of(const struct stored_run *run)
{
    const char *gpu = text_of(run, "device", "slug");

    return strcmp(gpu, "-") ? gpu : text_of(run, "host", "slug");
}

/* Below root? */
static int lies_in(const char *dir, const char *root)
{
    const size_t length = strlen(root);

    return !strncmp(dir, root, length) && dir[length] == '/';
}

static void print_request(const struct ruling *r, const char *path)
{
    const struct stored_run *run = r->run;
    const char *name = *run->device ? run->device : run->host;

    printf("\n%s holds the run. To send it in:\n\n"
           "  git switch -c results-%s\n"
           "  git add %s %s/README.md\n"
           "  git commit -m 'results: %s'\n"
           "  git push -u origin HEAD\n\n",
           path, run->id, r->dir, r->shelf->root, slug_of(run));
    printf("and as the text of the pull request:\n\n"
           "  Results of %s\n\n"
           "  Run %s, tier %s: %d ok, %d skipped, %d wrong, %d failed.\n"
           "  Driver %s, cuBLAS %s, cuDNN %s; commit %s.\n",
           name, run->id, rules_tier_name(r->tier), run->ok, run->skipped, run->wrong, run->failed,
           text_of(run, "software", "driver"), text_of(run, "software", "cublas"),
           text_of(run, "software", "cudnn"), text_of(run, "suite", "sha"));
    for (int i = 0; i < r->count; i++)
        if (r->findings[i].severity == RULE_WARN || r->findings[i].rule == 9)
            printf("  - %s (rule %d): %s\n",
                   r->findings[i].severity == RULE_WARN ? "Warning" : "Note", r->findings[i].rule,
                   r->findings[i].text);
    printf("  The machine was quiet and its clocks were as the manifest says: (yes, or what was "
           "not)\n");
}

static void warn_size(const struct ruling *r)
{
    char path[PATH_MAX + 64];
    struct stat about;

    snprintf(path, sizeof path, "%s/" SAMPLES_NAME, r->dir);
    if (!stat(path, &about) && about.st_size > SAMPLES_MOST)
        fprintf(
            stderr,
            "wheelbench: %s has %.1f MiB, more than the 4 MiB that should go into git; say so in "
            "the pull request\n",
            path, (double)about.st_size / (1 << 20));
}

/* The line of the run in the table, now that it is packed. */
static const char *write_table(const char *root)
{
    struct plain_buffer fresh = {0};
    struct shelf shelf;
    char *old = NULL;
    const char *why = shelf_open(&shelf, root);

    if (!why) why = result_table_splice(&shelf, &old, &fresh);
    if (!why && old) why = file_save(root, "README.md", fresh.data, fresh.length);
    shelf_close(&shelf);
    free(old);
    free(fresh.data);
    return why;
}

static int pack(const struct shelf *shelf, const struct shelf_run *run, const char *out)
{
    struct ruling r;
    char path[PATH_MAX];
    int result = EXIT_ENVIRONMENT;
    const char *why = rules_check(&r, shelf, run, 1);

    for (int i = 0; i < r.count && !why; i++)
        if (r.findings[i].severity == RULE_ERROR)
            fprintf(stderr, "wheelbench: ERROR %d (%s): %s\n", r.findings[i].rule,
                    rules_about(r.findings[i].rule), r.findings[i].text);
    if (!why && r.found[RULE_ERROR]) {
        fprintf(stderr, "wheelbench: %s is not packed: %d errors\n", r.dir, r.found[RULE_ERROR]);
        rules_free(&r);
        return EXIT_BAD_ROW;
    }
    warn_size(&r);
    if (!why && !run->packed) why = sums_write(r.dir);
    if (!why) why = write_table(shelf->root);
    if (!why) why = archive(r.dir, r.run->id, out, path, sizeof path);
    if (why) fprintf(stderr, "wheelbench: %s\n", why);
    else print_request(&r, path), result = EXIT_DONE;
    rules_free(&r);
    return result;
}

int cmd_pack(int argc, char **argv)
{
    static const struct option options[] = {{"out", required_argument, NULL, 'o'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    char root[PATH_MAX];
    struct shelf shelf = {.count = 0};
    const char *out = "out", *why = NULL;
    int result = EXIT_ENVIRONMENT;

    optind = 0; /* glibc: start over, and read argv from index 1 */
    for (int o; (o = getopt_long(argc, argv, "o:h", options, NULL)) != -1;) {
        if (o == 'o') out = optarg;
        else {
            help(o == 'h' ? stdout : stderr);
            return o == 'h' ? EXIT_DONE : EXIT_USAGE;
        }
    }
    if (optind + 1 != argc) {
        fputs("wheelbench: pack needs one run directory, such as results/<device>/<run>\n", stderr);
        help(stderr);
        return EXIT_USAGE;
    }
    shelf_root(argv[optind], root, sizeof root);
    why = shelf_open(&shelf, root);
    const struct shelf_run *run = why ? NULL : shelf_add(&shelf, argv[optind]);
    if (!why && !run) why = "out of memory";
    if (run && access(run->dir, F_OK)) why = fail_text("no such run directory: %s", run->dir);
    if (!why && !lies_in(run->dir, shelf.root))
        why = fail_text("%s does not lie in %s; first: mkdir -p %s/%s && cp -r %s %s/%s/", run->dir,
                        shelf.root, shelf.root, slug_of(&run->run), run->dir, shelf.root,
                        slug_of(&run->run));
    if (why) fprintf(stderr, "wheelbench: %s\n", why);
    else result = pack(&shelf, run, out);
    shelf_close(&shelf);
    return result;
}
