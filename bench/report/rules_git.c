/* rules_git.c: what only git knows: that no file of an accepted run changed (rule 1), and that the
 * commit which measured can be looked at (rule 9). Outside a git checkout, and in a shallow one as
 * far as commits go, nothing is said but a note. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report/rules.h"
#include "store/tool.h"

/* git -C dir a b c ...: 1 it said yes, 0 no, -1 it could not run. *out: what it printed, to be
 * freed by the caller; NULL: not wanted. */
static int git(const char *dir, const char *const words[], char **out)
{
    const char *argv[16] = {"git", "-C", dir};
    struct plain_buffer said = {0};
    int n = 3, status = 0;

    while (*words && n < 15) argv[n++] = *words++;
    const char *why = tool_run(argv, &said, &status);
    plain_append(&said, "", 1);
    if (out) *out = said.failed ? NULL : said.data;
    else free(said.data);
    return why ? -1 : !status;
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static int in_checkout(const char *dir)
{
    return git(dir, WORDS("rev-parse", "--is-inside-work-tree"), NULL) == 1;
}

int rules_in_git(const char *dir)
{
    if (!in_checkout(dir)) return -1;
    return git(dir, WORDS("ls-files", "--error-unmatch", MANIFEST_NAME), NULL) == 1;
}

/* Where this checkout left the main branch: a commit, without its line end. 0, or -1. */
static int main_base(const char *dir, char base[128])
{
    static const char *const names[] = {"origin/main", "main", "origin/master", "master"};
    char *out = NULL;
    int found = 0;

    for (size_t i = 0; i < sizeof names / sizeof *names && !found; i++) {
        found = git(dir, WORDS("merge-base", names[i], "HEAD"), &out) == 1;
        if (found && out) snprintf(base, 128, "%.*s", (int)strcspn(out, "\n"), out);
        free(out);
    }
    return found && *base ? 0 : -1;
}

/* A line of git diff --name-status. A file may be added once: sums by make pack, notes any time. */
static void judge_change(struct ruling *r, const char *line)
{
    const char *name = strrchr(line, '/');

    name = name ? name + 1 : line;
    if (!strcmp(name, "NOTES.md") || (*line == 'A' && !strcmp(name, "SHA256SUMS"))) return;
    rules_add(r, 1, RULE_ERROR, "an accepted run does not change, but git says of it: %.300s",
              line);
}

static void check_unchanged(struct ruling *r, const char *base)
{
    char *out = NULL, spec[160];

    snprintf(spec, sizeof spec, "%.120s:./" MANIFEST_NAME, base);
    if (git(r->dir, WORDS("cat-file", "-e", spec), NULL) != 1) return; /* a new run */
    if (git(r->dir, WORDS("diff", "--no-renames", "--name-status", base, "--", "."), &out) == 1)
        for (char *line = out ? strtok(out, "\n") : NULL; line; line = strtok(NULL, "\n"))
            judge_change(r, line);
    free(out);
}

static void check_commit(struct ruling *r)
{
    const char *sha = manifest_text(&r->run->manifest, "suite", "sha");
    char *shallow = NULL, object[96];
    double dirty = 0;

    manifest_number(&r->run->manifest, "suite", "dirty", &dirty);
    if (dirty != 0) {
        rules_add(r, 9, RULE_NOTE, "measured by a changed tree: nobody can build that program");
        r->unclean = 1;
    }
    if (!sha || strlen(sha) < 7 || strspn(sha, "0123456789abcdef") != strlen(sha)) {
        rules_add(r, 9, RULE_NOTE, "the manifest names no commit");
        r->unclean = 1;
        return;
    }
    snprintf(object, sizeof object, "%.64s^{commit}", sha);
    if (git(r->dir, WORDS("cat-file", "-e", object), NULL) == 1) return;
    if (git(r->dir, WORDS("rev-parse", "--is-shallow-repository"), &shallow) == 1 && shallow &&
        !strncmp(shallow, "true", 4)) {
        rules_add(r, 9, RULE_NOTE, "a shallow checkout: commit %.64s not looked up", sha);
    } else {
        rules_add(r, 9, RULE_NOTE, "commit %.64s is not in this repository", sha);
        r->unclean = 1;
    }
    free(shallow);
}

void rules_git(struct ruling *r)
{
    char base[128] = "";

    if (!in_checkout(r->dir)) {
        double dirty = 0;
        manifest_number(&r->run->manifest, "suite", "dirty", &dirty);
        r->unclean = dirty != 0;
        rules_add(r, 9, RULE_NOTE, "no git checkout: %s",
                  r->unclean ? "and measured by a changed tree"
                             : "neither its history nor its commit was looked up");
        return;
    }
    if (main_base(r->dir, base))
        rules_add(r, 1, RULE_NOTE, "no main branch here: not compared with it");
    else check_unchanged(r, base);
    check_commit(r);
}

const char *rules_gone(const char *root, struct plain_buffer *out)
{
    char base[128] = "", *lines = NULL;

    if (in_checkout(root) && !main_base(root, base) &&
        git(root, WORDS("diff", "--no-renames", "--name-only", "--diff-filter=D", base, "--", "."),
            &lines) == 1 &&
        lines)
        for (char *line = strtok(lines, "\n"); line; line = strtok(NULL, "\n")) {
            const size_t length = strlen(line), tail = strlen("/" MANIFEST_NAME);
            if (length <= tail || strcmp(line + length - tail, "/" MANIFEST_NAME)) continue;
            plain_append(out, line, length - tail);
            plain_append_text(out, "\n");
        }
    free(lines);
    return out->failed ? "out of memory" : NULL;
}
