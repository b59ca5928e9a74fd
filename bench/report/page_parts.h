/* page_parts.h: plots/report.css and plots/report.js, compiled in by cmake/PageParts.cmake. */
#ifndef WHEELBENCH_PAGE_PARTS_H
#define WHEELBENCH_PAGE_PARTS_H

extern const char *const page_css[], *const page_js[]; /* pieces in order, NULL at the end */
extern const char page_js_sha256[];                    /* of all pieces of page_js, in hex */
#endif
