# layers: where does a network's time go?
# x: count of the layer times the time of one call, linear from 0.  A row per layer: library above, best kernel by hand below.
#   gnuplot -c layers.gp layers.dat layers.svg svg
FIG = "layers"; D = ARG1; O = ARG2; T = ARG3
load 'style.gp'
load 'chart.gp'
