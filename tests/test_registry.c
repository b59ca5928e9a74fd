/* test_registry.c: the lists of impls. A file without a line in its .def would never run. */
#include "scratch.h"
#include "check.h"
#include <fnmatch.h>
#include "ops/problem.h"
#include "store/lines.h"

/* Every file of kernels/<op>/ and every reference/<op>_* is an impl in <op>.def, or a header. */
static void files_have_lines(const char *dir, const char *prefix)
{
    DIR *d = opendir(dir);
    int seen = 0;

    for (struct dirent *e; d && (e = readdir(d));) {
        char name[256];
        const char *dot = strrchr(e->d_name, '.');
        const struct op *op;
        if (!dot || (strcmp(dot, ".c") && strcmp(dot, ".cu")) ||
            strncmp(e->d_name, prefix, strlen(prefix)))
            continue;
        snprintf(name, sizeof name, "%.*s", (int)(dot - e->d_name), e->d_name);
        seen++;
        if (!impl_find(name, &op)) {
            printf("%s/%s is in no .def\n", dir, e->d_name);
            CHECK(0);
        }
    }
    if (d) closedir(d);
    CHECK(seen > 0);
}

int main(void)
{
    CHECK_LOSS("an impl that is written and never runs");
    files_have_lines("kernels/gemm", "gemm_");
    files_have_lines("kernels/conv2d", "conv2d_");
    files_have_lines("kernels/pool2d", "pool2d_");
    files_have_lines("reference", "gemm_");
    files_have_lines("reference", "conv2d_");
    files_have_lines("reference", "pool2d_");
    for (int k = 0; wheelbench_ops[k]; k++) {
        const struct op *op = wheelbench_ops[k];
        int naive = 0;
        for (const struct impl *const *i = op->impls; *i; i++) {
            const struct op *found;
            char file[200];
            CHECK_LOSS("the key of a row: two impls of one name, or a name that is not the file's");
            CHECK(impl_find((*i)->name, &found) == *i && found == op);
            CHECK(!strncmp((*i)->name, op->name, strlen(op->name)));
            CHECK(*(*i)->summary && strlen((*i)->summary) < 80);
            naive += (*i)->tier == NAIVE;
            if (!(*i)->run) {
                CHECK((*i)->why_not && (*i)->why_not(NULL, NULL)); /* not built: it says so */
                continue;
            }
            snprintf(file, sizeof file, "*/%s.*", (*i)->name);
            CHECK(!fnmatch(file, (*i)->file, 0));
            CHECK_LOSS("the lines you own");
            CHECK(lines_find((*i)->file) != NULL);
        }
        CHECK_LOSS("the bottom of the ladder");
        CHECK(naive >= 1);
    }
    return check_done();
}
