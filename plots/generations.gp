# generations: does a hand kernel keep up with the library as the hardware moves?
# x: processors in order of release.  y: % of the best library call on that processor (log).  A gap is "does not run there".
#   gnuplot -c generations.gp generations.dat generations.svg svg
FIG = "generations"; D = ARG1; O = ARG2; T = ARG3
load 'style.gp'
load 'chart.gp'
