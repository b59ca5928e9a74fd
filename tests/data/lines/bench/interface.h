/* interface.h: of the harness, so nobody owns it. */
struct problem;
