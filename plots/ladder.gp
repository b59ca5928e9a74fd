# ladder: how many lines must I write and own to get how much of the library?
# x: lines (log).  y: % of the best library call (log); right axis: what an hour of library work becomes.  One panel per op.
# Filled and stepped: the front.  Hollow: more lines, not faster.
#   gnuplot -c ladder.gp ladder.dat ladder.svg svg
FIG = "ladder"; D = ARG1; O = ARG2; T = ARG3
load 'style.gp'
array YTICS[9]; array XLABEL[9]; array HOURS[9]; array RIVAL[9]
stats D index 'panel' using (I = int($1)+1, YTICS[I] = int($6), XLABEL[I] = int($7), HOURS[I] = int($8), RIVAL[I] = int($9), 0) nooutput
LIB = HUE[5]
set multiplot
set logscale xy; set logscale y2
set xrange [XMIN:XMAX]; set yrange [YMIN:YMAX]; set y2range [YMIN:YMAX]
do for [i=1:PANELS] {
  set lmargin at screen PLEFT[i]; set rmargin at screen PRIGHT[i]
  set tmargin at screen PTOP[i]; set bmargin at screen PBOTTOM[i]
  unset label
  set xtics () font "DejaVu Sans,12"; set ytics () font "DejaVu Sans,12"; unset y2tics
  set xlabel (XLABEL[i] ? "source lines you write and own" : "") offset 0,0.3 font f(12)
  set ylabel (YTICS[i] ? "% of library throughput" : "") offset 0.4,0 font f(12)
  if (HOURS[i]) {
    set y2tics () scale 0.5 textcolor rgb GREY font "DejaVu Sans,12"
    set label 3 "1 h becomes" at graph 1.01,1.05 left font f(12) textcolor rgb GREY
  }
  set object 1 rect from graph 0,first 90 to graph 1,first 111 fc rgb (RIVAL[i] ? LIB : GREY) fs transparent solid 0.12 noborder behind
  set arrow 1 from graph 0,first 100 to graph 1,first 100 nohead lc rgb (RIVAL[i] ? LIB : GREY) lw 1.2
  R = sprintf('-%02d', i-1)
  plot D index 'xtick' using 1:2:xtic(3) with points pt -1, \
       D index 'ytick' using 2:1:ytic(YTICS[i] == 1 ? strcol(3) : "") with points pt -1, \
       for [k=1:HOURS[i]] D index 'hour' using 2:1:y2tic(3) axes x1y2 with points pt -1, \
       D index 'leader'.R using 1:2:3:4 with vectors nohead lc rgb "#888888" lw 0.7, \
       D index 'front'.R using 1:2 with steps lc rgb "#A00072B2" lw 1.6, \
       D index 'dead'.R using 1:2:(HOLLOW[int($3)]):(HUE[int($3)]) with points ps 0.95 lw 1.4 pt variable lc rgb variable, \
       D index 'front'.R using 1:2:(MARK[int($3)]):(HUE[int($3)]) with points ps 1.05 pt variable lc rgb variable, \
       D index 'library'.R using 1:2 with points pt MARK[5] ps 1.3 lc rgb LIB, \
       D index 'label'.R using 1:2:4:($3 == 1 ? INK[5] : 0) with labels left font f(12) tc rgb variable
}
load 'page.gp'
