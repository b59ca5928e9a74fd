/* test_stamp.c: from two stamps to a clock. A user would lose the clock behind every device time,
 * or get one that a multiprocessor made up which only one stamp has met. */
#include "check.h"
#include "measure/stamp.h"

int main(void)
{
    static struct stamp first[STAMP_SMS], last[STAMP_SMS];

    CHECK_LOSS("the clock of a block");
    CHECK(isnan(stamp_mhz(first, last)));
    for (int i = 0; i < 9; i++) { /* counters start anywhere; 1755 MHz for 10 ms */
        first[i] = (struct stamp){1000 + 77u * (unsigned)i, 5000000};
        last[i] = (struct stamp){first[i].cycles + 17550000, 15000000};
    }
    CHECK_NEAR(stamp_mhz(first, last), 1755, 1e-9);
    first[20] = (struct stamp){1, 5000000}; /* met by one stamp only */
    last[21] = (struct stamp){1, 15000000};
    last[0].cycles = first[0].cycles - 5; /* a counter that went back */
    last[1].ns = first[1].ns;
    CHECK_NEAR(stamp_mhz(first, last), 1755, 1e-9);
    last[2].cycles += 999999; /* one that is off does not move the median */
    CHECK_NEAR(stamp_mhz(first, last), 1755, 1e-9);
    first[STAMP_SMS - 1] = (struct stamp){0, 1}; /* the last slot counts too */
    last[STAMP_SMS - 1] = (struct stamp){17550000, 10000001};
    CHECK_NEAR(stamp_mhz(first, last), 1755, 1e-9);
    return check_done();
}
