# bandwidth: how much of the memory's speed is used where memory is what binds?
# x: compulsory bytes per second, linear from 0.  A row per problem: best kernel by hand and best library call, joined.
# Black: the copy that the run measured.  Bars through the marks: spread of the samples.
#   gnuplot -c bandwidth.gp bandwidth.dat bandwidth.svg svg
FIG = "bandwidth"; D = ARG1; O = ARG2; T = ARG3
load 'style.gp'
load 'chart.gp'
