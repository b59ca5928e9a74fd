# chart.gp: repeats a chart: every line, box, mark and text with its place in pixels, layer by layer (bench/report/chart.h).
# A figure sets D O T FIG, loads style.gp, then this file. Names of blocks and columns are those of chart.c.
array COLOR[7]; array TEXT[7]
do for [i=1:5] { COLOR[i] = HUE[i]; TEXT[i] = INK[i] }
COLOR[6] = GREY; TEXT[6] = GREY; COLOR[7] = 0; TEXT[7] = 0
set multiplot
unset border; unset tics; unset grid
set margins 0,0,0,0
set xrange [0:W]; set yrange [0:H]
color(k) = COLOR[int(k)]
ink(k) = TEXT[int(k)]
shape(k,hollow) = hollow > 0 ? HOLLOW[int(k)] : MARK[int(k)]
if (T eq "txt") {
  # A terminal has no pale and no thin: what is left is what one can read there.
  plot for [B in "axis rule dash curve interval"] D index B using 1:2:3:4 with vectors nohead, \
       for [B in "bar open"] D index B using (($1+$2)/2):(($3+$4)/2):1:2:3:4 with boxxyerror fs empty, \
       D index 'mark' using 1:2:(shape($3,$4)) with points pt variable, \
       D index 'at-left' using 1:2:4 with labels left offset 1,0, D index 'at-center' using 1:2:4 with labels center, \
       D index 'at-right' using 1:2:4 with labels right
} else {
  plot D index 'shade' using (($1+$2)/2):(($3+$4)/2):1:2:3:4:(color($5)) with boxxyerror fs transparent solid 0.14 noborder lc rgb variable, \
       D index 'grid' using 1:2:3:4 with vectors nohead lc rgb "#B0888888" lw 0.7, \
       D index 'bar' using (($1+$2)/2):(($3+$4)/2):1:2:3:4:(color($5)) with boxxyerror fs solid 0.85 noborder lc rgb variable, \
       D index 'open' using (($1+$2)/2):(($3+$4)/2):1:2:3:4:(color($5)) with boxxyerror fs empty lc rgb variable lw 1.4, \
       D index 'stem' using 1:2:3:4 with vectors nohead lc rgb "#C0888888" lw 5, \
       D index 'axis' using 1:2:3:4:(color($5)) with vectors nohead lc rgb variable lw 1, \
       D index 'thin' using 1:2:3:4 with vectors nohead lc rgb "#888888" lw 0.7, \
       D index 'dash' using 1:2:3:4:(color($5)) with vectors nohead lc rgb variable lw 1.2 dt (6,4), \
       D index 'rule' using 1:2:3:4:(color($5)) with vectors nohead lc rgb variable lw 2, \
       D index 'curve' using 1:2:3:4:(color($5)) with vectors nohead lc rgb variable lw 1.8, \
       D index 'interval' using 1:2:3:4:(color($5)) with vectors nohead lc rgb variable lw 2.2, \
       D index 'mark' using 1:2:(shape($3,$4)):(color($3)) with points ps 1.05 lw 1.4 pt variable lc rgb variable, \
       D index 'at-left' using 1:2:4:(ink($3)) with labels left font f(12) tc rgb variable, \
       D index 'at-center' using 1:2:4:(ink($3)) with labels center font f(12) tc rgb variable, \
       D index 'at-right' using 1:2:4:(ink($3)) with labels right font f(12) tc rgb variable, \
       D index 'at-upright' using 1:2:4:(ink($3)) with labels center rotate by 90 font f(12) tc rgb variable
}
load 'page.gp'
