# page.gp: loaded last: title, subtitle, footer and the panels' texts, in a last plot over the whole page, since panels clear
# their own labels. reset also forgets the separator.
reset
set datafile separator "\t"
unset border; unset tics; unset key; unset grid
set margins 0,0,0,0
set xrange [0:1]; set yrange [0:1]
set label 1 TITLE    at screen 0.02,YTITLE    left font b(20) textcolor rgb "black"
set label 2 SUBTITLE at screen 0.02,YSUBTITLE left font f(13) textcolor rgb GREY
set label 3 FOOTER   at screen 0.02,YFOOTER   left font f(11) textcolor rgb GREY
set label 4 ABOVE    at screen 0.02,YABOVE    left font f(11) textcolor rgb GREY
plot D index 'head' using 1:2:3 with labels left font b(15) tc rgb "black", \
     D index 'note' using 1:2:3 with labels left font f(12) tc rgb GREY
unset multiplot
unset output
