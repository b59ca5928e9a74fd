# roofline: is a rung slow because of us or because of the machine?
# x: useful flop per compulsory byte (log), so all rungs of one problem share a vertical.  y: useful FLOP/s (log).
# Black: roof measured in the same run.  Dashed: the maker's figure.  Numbers: % of what the roof allows there.
#   gnuplot -c roofline.gp roofline.dat roofline.svg svg
FIG = "roofline"; D = ARG1; O = ARG2; T = ARG3
load 'style.gp'
load 'chart.gp'
