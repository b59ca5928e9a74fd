/* test_facts.c: what a selftest found out comes into the manifest as it was, and no other file
 * does. A user would lose the floor below which differences are none, or have a made-up one. */
#include <stdlib.h>
#include <unistd.h>
#include "check.h"
#include "selftest/facts.h"

static char path[64];

static void put(const char *text, size_t n)
{
    FILE *f = fopen(path, "wb");

    if (!f || fwrite(text, 1, n, f) != n) CHECK(!"a file for the test");
    if (f) fclose(f);
}

static void refused(const char *text, const char *part)
{
    struct facts f = {.value = {1, 1, 1, 1}};

    put(text, strlen(text));
    CHECK_FAILS(facts_read(path, &f), part);
    for (int i = 0; i < FACTS; i++) CHECK(isnan(f.value[i]));
}

int main(void)
{
    char dir[] = "/tmp/test_facts_XXXXXX", many[6000];
    struct facts f, back;

    if (!mkdtemp(dir)) return 1;
    snprintf(path, sizeof path, "%s/facts", dir);
    CHECK_LOSS("what a selftest found out");
    facts_clear(&f);
    f.value[FACT_HELD] = 50;
    f.value[FACT_AA_DEVICE] = 0.0625;
    CHECK_OK(facts_write(path, &f));
    CHECK_OK(facts_read(path, &back));
    CHECK(back.value[FACT_HELD] == 50 && back.value[FACT_AA_DEVICE] == 0.0625);
    CHECK(isnan(back.value[FACT_AA_HOST]) && isnan(back.value[FACT_SETTLE_MS]));
    CHECK_FAILS(facts_write("/nowhere/at/all", &f), "/nowhere/at");

    CHECK_LOSS("a manifest with values from some other file");
    refused("", "an empty file; `wheelbench selftest --facts FILE` writes one");
    refused("settle_ms 20", "no whole lines"); /* torn */
    refused("settle_ms\n", "line 1: expected 'key value'");
    refused("proofs_held 3\nsettle 20\n", "line 2: unknown key 'settle'");
    refused("proofs_held 3\nproofs_held 3\n", "line 2: proofs_held is there twice");
    refused("settle_ms nan\n", "'nan' is no value of settle_ms");
    refused("settle_ms -1\n", "expected a number, 0 or more");
    refused("settle_ms 1e999\n", "expected a number");
    refused("settle_ms  1\n", "expected a number");
    refused("settle_ms 1\r\n", "expected a number");
    put("settle_ms 1\n\0\n", 14);
    CHECK_FAILS(facts_read(path, &f), "no whole lines");
    memset(many, '\n', sizeof many);
    put(many, sizeof many);
    CHECK_FAILS(facts_read(path, &f), "too long");
    CHECK_FAILS(facts_read(dir, &f), dir);
    unlink(path);
    CHECK_FAILS(facts_read(path, &f), path);
    rmdir(dir);
    return check_done();
}
