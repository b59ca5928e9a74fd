/* rules_files.c: rule 1, first part: the directory of a run holds what it should and nothing else,
 * and everything in it goes by the same names. The second part, that nothing changed, is git's. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "report/rules.h"
#include "store/sums.h"

enum { ROWS_NAMED = 3 }; /* of a mistake that every row may have */

static int is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (!strcmp(name, *list)) return 1;
    return 0;
}

static void check_sums(struct ruling *r)
{
    char path[PATH_MAX + 64];
    int differs;

    snprintf(path, sizeof path, "%s/" SUMS_NAME, r->dir);
    if (access(path, F_OK)) {
        if (r->packing) return;
        rules_add(r, 1, RULE_ERROR, "no " SUMS_NAME "; make pack RUN=%s writes it", r->dir);
        return;
    }
    const char *why = sums_check(r->dir, &differs);
    if (why) rules_add(r, 1, RULE_ERROR, "%s%s", differs ? "" : "sums not checked: ", why);
}

static void check_set(struct ruling *r)
{
    static const char *const also[] = {SUMS_NAME, "NOTES.md", "nvml.csv", NULL};
    DIR *dir = opendir(r->dir);
    struct dirent *entry;

    if (!dir) rules_add(r, 1, RULE_ERROR, "cannot read %s: %s", r->dir, strerror(errno));
    while (dir && (entry = readdir(dir))) {
        const char *name = entry->d_name;
        struct stat about;
        if (!strcmp(name, ".") || !strcmp(name, "..")) continue;
        if (!is_one_of(name, sums_files) && !is_one_of(name, also))
            rules_add(r, 1, RULE_ERROR,
                      "'%.100s' is no file of a run; what you have to say goes into NOTES.md",
                      name);
        else if (fstatat(dirfd(dir), name, &about, AT_SYMLINK_NOFOLLOW) || !S_ISREG(about.st_mode))
            rules_add(r, 1, RULE_ERROR, "%s is no regular file", name);
    }
    if (dir) closedir(dir);
}

/* <UTC>-<commit>, -dirty behind the commit of a changed tree. */
static int is_run_id(const char *id, const char *sha, int dirty)
{
    char want[128];

    if (strspn(id, "0123456789") != 8 || id[8] != 'T' || strspn(id + 9, "0123456789") != 6)
        return 0;
    snprintf(want, sizeof want, "Z-%.60s%s", sha, dirty ? "-dirty" : "");
    return !strcmp(id + 15, want);
}

static const char *text_of(const struct ruling *r, const char *group, const char *key)
{
    const char *text = manifest_text(&r->run->manifest, group, key);

    return text ? text : "";
}

static void check_names(struct ruling *r)
{
    const char *id = r->run->id, *gpu = text_of(r, "device", "slug"),
               *cpu = text_of(r, "host", "slug"), *slug = *gpu ? gpu : cpu;
    char full[PATH_MAX];
    double dirty = 0;
    int wrong = 0;

    manifest_number(&r->run->manifest, "suite", "dirty", &dirty);
    if (strcmp(text_of(r, "", "state"), "complete"))
        rules_add(r, 1, RULE_ERROR, "state is '%.40s', not complete; run --resume goes on with it",
                  text_of(r, "", "state"));
    if (strcmp(text_of(r, "", "run"), id))
        rules_add(r, 1, RULE_ERROR, "the directory is called %.80s, the manifest says run %.80s",
                  id, text_of(r, "", "run"));
    if (!is_run_id(id, text_of(r, "suite", "sha"), dirty != 0))
        rules_add(r, 1, RULE_ERROR, "'%.80s' is not <time>-<commit> of commit '%.60s'%s", id,
                  text_of(r, "suite", "sha"), dirty != 0 ? "-dirty" : "");
    char *slash = realpath(r->dir, full) ? strrchr(full, '/') : NULL;
    if (slash) *slash = 0, slash = strrchr(full, '/');
    if (!slash || strcmp(slash + 1, slug))
        rules_add(r, 1, RULE_ERROR, "it lies in %.100s, but the device of the manifest is %.100s",
                  slash ? slash + 1 : "/", slug);
    for (size_t i = 0; i < r->run->count; i++) {
        const struct row *row = &r->run->rows[i];
        const char *device = strcmp(row->place, "host") ? gpu : cpu;
        if (strcmp(row->run, id) && wrong++ < ROWS_NAMED)
            rules_add(r, 1, RULE_ERROR, "%s: run is %.60s", rules_row(r, row), row->run);
        if (strcmp(row->device, device) && wrong++ < ROWS_NAMED)
            rules_add(r, 1, RULE_ERROR, "%s: device is '%.90s', in the manifest '%.90s'",
                      rules_row(r, row), row->device, device);
    }
}

static void check_known(struct ruling *r)
{
    static const char *const groups[] = {"device", "host"};

    for (int i = 0; i < 2; i++) {
        const char *slug = text_of(r, groups[i], "slug");
        if (!*slug || devices_find(&r->shelf->devices, slug)) continue;
        if (i && *text_of(r, "device", "slug") && !stored_has(r->run, "host"))
            continue; /* nothing was measured on it */
        rules_add(r, 1, RULE_ERROR,
                  "%s/devices.csv has no line for %.90s; add one with the vendor's figures",
                  r->shelf->root, slug);
    }
}

void rules_files(struct ruling *r)
{
    check_sums(r);
    check_set(r);
    check_names(r);
    check_known(r);
}
