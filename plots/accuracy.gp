# accuracy: what do digits cost?
# x: % of the best library call (log).  y: largest error over the bound that the precision allows (log); 1 is the limit.
#   gnuplot -c accuracy.gp accuracy.dat accuracy.svg svg
FIG = "accuracy"; D = ARG1; O = ARG2; T = ARG3
load 'style.gp'
load 'chart.gp'
