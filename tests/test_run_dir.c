/* test_run_dir.c: the directory of a run is new, is called as documented, or the reason is said. */
#include "scratch.h"
#include <sys/wait.h>
#include "check.h"
#include "store/run_dir.h"

static const char *slug(const char *name)
{
    static char text[32];

    slug_from(name, text, sizeof text);
    return text;
}

static void test_slug(void)
{
    CHECK_LOSS("results of one device land in two directories, or outside of results/");
    CHECK_STR(slug("NVIDIA H100 80GB HBM3"), "nvidia-h100-80gb-hbm3");
    CHECK_STR(slug("  AMD EPYC(tm)  7B13 "), "amd-epyc-tm-7b13");
    CHECK_STR(slug("../../etc/passwd"), "etc-passwd");
    CHECK_STR(slug(""), "unknown");
    CHECK_STR(slug("\xe2\x80\x8f(!)"), "unknown");
    CHECK_STR(slug("caf\xc3\xa9 1"), "caf-1");
    CHECK_STR(slug("a very long name of thirty characters, and more"),
              "a-very-long-name-of-thirty-char");
    CHECK_STR(slug("exactly thirty characters long!! x"), "exactly-thirty-characters-long");
}

static void test_create(void)
{
    char dir[1024], first[1024], id[64], small[8], root[1024];
    struct stat about;

    CHECK_LOSS("two runs of one second share a directory");
    snprintf(root, sizeof root, "%s/a/b//", scratch_dir);
    for (int i = 0; i < 5; i++) {
        CHECK_OK(run_dir_create(root, "gpu-1", "a1b2c3d-dirty", dir, sizeof dir, id, sizeof id));
        CHECK(!stat(dir, &about) && S_ISDIR(about.st_mode));
        CHECK(i == 0 || strcmp(dir, first) != 0);
        strcpy(first, dir);
    }
    CHECK(strlen(id) == 30 && id[8] == 'T' && id[15] == 'Z');
    CHECK_STR(id + 16, "-a1b2c3d-dirty");
    CHECK(strstr(dir, "/a/b//gpu-1/2") && strstr(dir, id));

    CHECK_LOSS("a wrong -o ends without saying why");
    snprintf(root, sizeof root, "%s", scratch_write("file", "x", 1));
    CHECK_FAILS(run_dir_create(root, "gpu", "abc", dir, sizeof dir, id, sizeof id),
                "/file: Not a directory");
    CHECK_FAILS(run_dir_create("/proc/x", "gpu", "abc", dir, sizeof dir, id, sizeof id),
                "cannot create /proc/x: ");
    CHECK_FAILS(run_dir_create("", "gpu", "abc", dir, sizeof dir, id, sizeof id), "is empty");
    CHECK_FAILS(run_dir_create(scratch_dir, "../gpu", "abc", dir, sizeof dir, id, sizeof id),
                "bad name");
    CHECK_FAILS(run_dir_create(scratch_dir, "gpu", "", dir, sizeof dir, id, sizeof id), "bad name");
    CHECK_FAILS(run_dir_create(scratch_dir, "gpu", "abc", dir, sizeof dir, small, sizeof small),
                "name too long");
    CHECK_FAILS(run_dir_create(scratch_dir, "gpu", "abc", small, sizeof small, id, sizeof id),
                "name too long");
    char *endless = malloc(100001);
    memset(endless, 'x', 100000);
    endless[100000] = 0;
    CHECK_FAILS(run_dir_create(endless, "gpu", "abc", dir, sizeof dir, id, sizeof id),
                "name too long");
    free(endless);
}

/* As a user who may not: root may write all, so a child gives that up first. */
static void test_no_permission(void)
{
    char dir[1024], id[64], root[1024];

    CHECK_LOSS("a read-only results/ ends without saying why");
    snprintf(root, sizeof root, "%s/locked", scratch_dir);
    CHECK(!mkdir(root, 0555) && !chmod(scratch_dir, 0755));
    fflush(stdout);
    const pid_t child = fork();
    if (!child) {
        if (!geteuid() && setuid(65534)) _exit(2);
        const char *why = run_dir_create(root, "gpu", "abc", dir, sizeof dir, id, sizeof id);
        _exit(why && strstr(why, "locked/gpu: Permission denied") ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
    scratch_begin();
    test_slug();
    test_create();
    test_no_permission();
    return check_done();
}
