/* gnuplot.h: has gnuplot draw one figure from one data file. */
#ifndef WHEELBENCH_GNUPLOT_H
#define WHEELBENCH_GNUPLOT_H

/* Runs plots/<figure>.gp on the data file and writes `out`, whole or not at all, in the format svg,
 * png or txt. NULL, or why not; then *missing says whether it is because there is no gnuplot. */
const char *gnuplot_draw(const char *figure, const char *data, const char *out, const char *format,
                         int *missing);
#endif
