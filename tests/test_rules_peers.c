/* test_rules_peers.c: rule 7 for stored runs: a run against its flags and against other runs of its
 * device. A user would lose the hint that a run does not look like the others, or the sense of it.
 */
#include "rules_run.h"

static void rule_7(void)
{
    CHECK_LOSS("a hint that a run does not look like others of its device");
    reset();
    for (int i = 0; i < fix.count; i += 5)
        snprintf(fix.rows[i].flags, sizeof fix.rows[i].flags, "CAP;NOISY");
    BREAKS(7, RULE_WARN, "have a warning flag");
    reset(), write_run();
    fix.dir_id = fix.id = "20260302T101502Z-0000000";
    set_time(library(), 1.2 * library()->t_med_us);
    BREAKS(7, RULE_WARN, "more than 15 % from run " ID);
}

/* Says any finding these words? */
static int said(const char *words)
{
    int count = 0;

    for (int i = 0; i < ruling.count; i++) count += strstr(ruling.findings[i].text, words) != NULL;
    return count > 0;
}

static void rule_7_threads(void)
{
    CHECK_LOSS("the sense of a warning that each run on one thread gets");
    for (int threads = 1; threads <= 2; threads++) {
        reset();
        for (int i = 0; i < fix.count; i++) {
            snprintf(fix.rows[i].place, sizeof fix.rows[i].place, "host");
            snprintf(fix.rows[i].timing, sizeof fix.rows[i].timing, "host");
        }
        write_run(); /* on two threads */
        fix.dir_id = fix.id = "20260303T101502Z-0000000", fix.threads = threads;
        set_time(library(), 1.9 * library()->t_med_us);
        judge_again(write_run());
        CHECK(said("more than 15 % from run " ID) == (threads == 2));
    }
}

int main(void)
{
    struct results all;

    rules_begin(&all);
    rule_7();
    rule_7_threads();
    return rules_end(&all);
}
