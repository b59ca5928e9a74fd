# sweep: at which size does a rung start to pay, and how near is the roof?
# x: n (log2).  y: useful FLOP/s, linear; the top of the axis IS the measured roof (rule of flame/blis docs/Performance.md).
# Dashed: what the roof allows at that size (bytes and launch included).  Band: spread of the samples.
#   gnuplot -c sweep.gp sweep.dat sweep.svg svg
FIG = "sweep"; D = ARG1; O = ARG2; T = ARG3
load 'style.gp'
array X0[9]; array X1[9]; array TOP[9]; array STEP[9]; array ROOF[9]; array TERA[9]
stats D index 'panel' using (I = int($1)+1, X0[I] = $6, X1[I] = $7, TOP[I] = $8, STEP[I] = $9, ROOF[I] = int($10), TERA[I] = int($11), 0) nooutput
set multiplot
set logscale x 2
set ytics font "DejaVu Sans,12"
do for [i=1:PANELS] {
  set lmargin at screen PLEFT[i]; set rmargin at screen PRIGHT[i]
  set tmargin at screen PTOP[i]; set bmargin at screen PBOTTOM[i]
  unset arrow
  set xrange [X0[i]:X1[i]]; set yrange [0:TOP[i]]
  set xtics () font "DejaVu Sans,12"; set ytics 0,STEP[i]
  set xlabel "n" offset 0,0.3 font f(12)
  set ylabel (TERA[i] ? "useful TFLOP/s" : "useful GFLOP/s") offset 0.4,0 font f(12)
  if (ROOF[i]) { set arrow 1 from graph 0,graph 1 to graph 1,graph 1 nohead lc rgb "black" lw 2 }
  R = sprintf('-%02d', i-1)
  plot D index 'roof'.R using 1:2 with lines lc rgb GREY lw 1.2 dt (4,4), \
       for [j=1:5] D index sprintf('series%s-%d', R, j) using 1:3:4 with filledcurves fs transparent solid 0.22 noborder lc rgb HUE[j], \
       for [j=1:5] D index sprintf('series%s-%d', R, j) using 1:2 with lines lw 1.8 lc rgb HUE[j], \
       for [j=1:5] D index sprintf('series%s-%d', R, j) using 1:2 with points pt MARK[j] ps 0.75 lc rgb HUE[j], \
       D index 'xtick'.R using 1:2:xtic(3) with points pt -1
}
# Names at the ends of the curves: they stand in the margin, so they are drawn in the page's coordinates.
reset
set datafile separator "\t"
unset border; unset tics; unset key; unset grid
set margins 0,0,0,0
set xrange [0:1]; set yrange [0:1]
plot for [i=1:PANELS] D index sprintf('leader-%02d', i-1) using 1:2:3:4 with vectors nohead lc rgb "#888888" lw 0.7, \
     for [i=1:PANELS] D index sprintf('end-%02d', i-1) using 1:2:4:(INK[int($3)]) with labels left font f(12) tc rgb variable
load 'page.gp'
