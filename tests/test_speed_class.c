/* test_speed_class.c: who is timed against whom. */
#include "check.h"
#include "measure/speed_class.h"

enum { MOST = 24 };
static const struct impl library = {.name = "library", .tier = LIBRARY},
                         hand = {.name = "hand", .tier = TUNED};
static struct entry entries[MOST];

/* n entries whose calls take us[i]; number `library_at` is a library call, -1: none is. */
static void entries_of(int n, const double *us, int library_at)
{
    memset(entries, 0, sizeof entries);
    for (int i = 0; i < n; i++) {
        entries[i].timed.impl = i == library_at ? &library : &hand;
        entries[i].timed.call_us = us[i];
    }
}

static int find(const struct speed_class *c, int who)
{
    for (int i = 0; i < c->count; i++)
        if (c->member[i] == who) return 1;
    return 0;
}

static void classes_by_speed(void)
{
    struct speed_class c[MOST];
    const double us[] = {5000, 100, 399, 50, 401, 30, 90, 100000};

    CHECK_LOSS("a slow kernel lends clock to the fast one behind it");
    entries_of(8, us, 1);
    entries[6].dead = 1;
    if (CHECK(speed_classes(entries, 8, c) == 2)) {
        CHECK(c[0].count == 4 && c[0].guest < 0);
        CHECK(find(&c[0], 1) && find(&c[0], 2) && find(&c[0], 3) && find(&c[0], 5));
        CHECK(c[1].count == 4 && c[1].guest >= 0 && c[1].member[c[1].guest] == 1);
        CHECK(find(&c[1], 0) && find(&c[1], 4) && find(&c[1], 7));
    }
    entries_of(8, us, -1); /* without a library the fastest is the base: 30 us */
    if (CHECK(speed_classes(entries, 8, c) == 2)) {
        CHECK(c[0].count == 4 && find(&c[0], 5) && !find(&c[0], 2));
        CHECK(c[1].count == 5 && c[1].member[c[1].guest] == 5);
    }
    entries_of(1, us, 0);
    CHECK(speed_classes(entries, 1, c) == 1 && c[0].count == 1);
    entries[0].dead = 1;
    CHECK(speed_classes(entries, 1, c) == 0 && speed_classes(entries, 0, c) == 0);
}

/* Of any company: groups of at most 8, each with the base, everybody else once. */
static void groups_are_small(void)
{
    struct speed_class c[MOST];

    CHECK_LOSS("rounds so long that their ends have little to do with each other");
    for (int n = 2; n <= MOST; n++) {
        int seen[MOST] = {0};
        double us[MOST];
        for (int i = 0; i < n; i++) us[i] = i % 3 ? 100 + i : 1000 + i;
        entries_of(n, us, 1);
        const int groups = speed_classes(entries, n, c);
        CHECK(groups <= n);
        for (int g = 0; g < groups; g++) {
            CHECK(c[g].count >= 1 && c[g].count <= CLASS_MAX && find(&c[g], 1));
            CHECK((c[g].guest < 0) == (g == 0));
            for (int i = 0; i < c[g].count; i++) seen[c[g].member[i]]++;
        }
        for (int i = 0; i < n; i++) CHECK(seen[i] == (i == 1 ? groups : 1));
    }
}

int main(void)
{
    classes_by_speed();
    groups_are_small();
    return check_done();
}
