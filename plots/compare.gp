# compare: is B faster than A, row by row, and by more than noise?
# x: speed of B over A (log).  Bar: interval of the ratio.  Grey: the band of noise; hollow: not told from it.
# Dashed: ratios of the measured roofs.
#   gnuplot -c compare.gp compare.dat compare.svg svg
FIG = "compare"; D = ARG1; O = ARG2; T = ARG3
load 'style.gp'
load 'chart.gp'
