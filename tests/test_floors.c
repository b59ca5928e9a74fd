/* test_floors.c: the step of a clock from times that it gave. A user would lose how fine the clock
 * behind the device times is. */
#include "check.h"
#include "measure/floors.h"

int main(void)
{
    double fine[] = {1024, 1088, 1056, 2048.0001, 1024, 0}, coarse[] = {2048, 1024, 0, 1024.0002},
           none[] = {0, 0.2, 0};

    CHECK_LOSS("how fine the clock behind the times is");
    CHECK_NEAR(floors_step_ns(fine, 6), 32, 1e-9); /* of differences, though no time is so short */
    CHECK_NEAR(floors_step_ns(coarse, 4), 1024, 1e-9);
    CHECK(isnan(floors_step_ns(none, 3)));
    return check_done();
}
