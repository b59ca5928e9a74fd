# energy: is the fast one the thrifty one?
# x: time of one call (log).  y: energy of one call (log).  Dashed: equal power.
#   gnuplot -c energy.gp energy.dat energy.svg svg
FIG = "energy"; D = ARG1; O = ARG2; T = ARG3
load 'style.gp'
load 'chart.gp'
