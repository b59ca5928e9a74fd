/* tries.c: proofs about times are tried three times: others may use the machine for a moment. */
#include <stdio.h>
#include <string.h>
#include "fail.h"
#include "selftest/proof.h"

enum { TRIES = 3 };

const char *proof_tries(struct tally *t, proof_once *proof, void *of, const char *const *name,
                        int n, int may_be_noisy)
{
    struct finding f[PROOFS_TRIED];
    int good = 0;

    for (int try = 0; try < TRIES && good < n; try++) {
        const char *why = proof(of, try, f);
        if (why && !strcmp(why, "interrupted")) return why;
        for (int i = 0; why && i < n; i++) {
            f[i].verdict = VERDICT_FAILS;
            snprintf(f[i].said, sizeof f[i].said, "could not be made: %s", why);
        }
        for (good = 0; good < n && f[good].verdict == VERDICT_HOLDS;) good++;
        if (why) may_be_noisy = 0;
    }
    for (int i = 0; i < n; i++) {
        if (f[i].verdict == VERDICT_FAILS && may_be_noisy) f[i].verdict = VERDICT_NOISY;
        tally_add(t, name[i], &f[i]);
    }
    return NULL;
}
