// raw.cu: C++: raw strings, digit separators, extern "C", one-line why_not
#include <string>
#include "kernels/shared.h"
static const char *text = R"x(  /* 1: not a comment
// 2: nor this

")" 3 (the blank line above is blank)
)x"; /* 4 */
static const int million = 1'000'000; /* 5 */ // it's a comment
static const char *prefix = u8R"(/*)"; /* 6 */
static const char *MACRO_R = "(*/";    /* 7 */
static const char *why_not(int) { return 0; }
static const int hex = 0xFF'FF, c = 'x'; /* 8 */
extern "C" const struct impl raw = {
    .name = "raw",
};
