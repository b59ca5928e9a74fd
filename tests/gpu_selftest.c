/* gpu_selftest.c: `wheelbench selftest` on the device: liars are rejected there too, waits take as
 * long as they should, equals come out equal. A user would lose the right to believe a device time.
 */
#include <stdio.h>
#include <stdlib.h>
#include "cmd/commands.h"
#include "measure/worker.h"

int main(void)
{
    char *argv[] = {"wheelbench", "selftest", "--place", "device",
                    "--device",   "0",        "--quick", NULL};
    const struct worker_plan plan = {.device = 0}; /* this process must stay without a context */
    struct worker *w;

    const char *why = worker_open(&w, &plan);
    if (!why && !worker_machine(w)->device.present) why = worker_machine(w)->no_device;
    if (why) {
        printf("skipped: %s\n", why);
        return 77;
    }
    worker_close(w);
    setenv("WHEELBENCH_SETTLED", "1", 1); /* it would start this test anew */
    return cmd_selftest(6, argv + 1);
}
