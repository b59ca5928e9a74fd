/* gpu_check.c: every device impl and library row against the judge, on the awkward shapes, in all
 * layouts and precisions: `wheelbench check`. A user would lose the right to believe a single time.
 */
#include <stdio.h>
#include "cmd/commands.h"
#include "device/machine.h"

int main(void)
{
    static struct machine m;
    char *argv[] = {"check", "--place", "device", "--device", "0", "-q", NULL};

    machine_look(&m, 0, 0);
    if (!m.device.present) {
        printf("skipped: %s\n", m.no_device);
        return 77;
    }
    return cmd_check(6, argv);
}
