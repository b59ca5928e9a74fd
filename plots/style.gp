# style.gp: what every figure shares: terminal, ink, rung colours, and the page read from the data file.
# A figure sets D (data) O (output) T (svg|png|txt) and FIG (its name), then loads this file.
# Nothing is computed here: positions, ranges, ticks and labels come from the program, as data.
# Traps of gnuplot 5.4 kept here once: ARG1.. are empty inside a loaded file, so the figure copies them first;
# noenhanced on the terminal, because names are data and _ ^ & { are markup; texts come through `stats ... using` or
# `with labels`, never through generated commands; numbers by $2, since real("4e10") fails; a missing data file is only a warning.
if (!strlen(O) || !strlen(D)) { print "usage: gnuplot -c FIGURE.gp DATA OUT svg|png|txt"; exit status 2 }
if (T ne "svg" && T ne "png" && T ne "txt") { print "terminal ".T.": use svg, png or txt"; exit status 2 }
set encoding utf8
set datafile separator "\t"
TITLE = ""; SUBTITLE = ""; FOOTER = ""; ABOVE = ""
W = 960; H = 600; COLUMNS = 118; LINES = 36; YTITLE = 0.96; YSUBTITLE = 0.92; YFOOTER = 0.02; YABOVE = 0.04
PANELS = 0; XMIN = 1; XMAX = 10; YMIN = 1; YMAX = 10
stats D index 'meta' using (\
  strcol(1) eq 'title'  ? (TITLE = strcol(2), 0)  : strcol(1) eq 'subtitle'  ? (SUBTITLE = strcol(2), 0) :\
  strcol(1) eq 'footer' ? (FOOTER = strcol(2), 0) : strcol(1) eq 'panels'    ? (PANELS = int($2), 0) :\
  strcol(1) eq 'width'  ? (W = $2, 0)             : strcol(1) eq 'height'    ? (H = $2, 0) :\
  strcol(1) eq 'columns'? (COLUMNS = int($2), 0)  : strcol(1) eq 'lines'     ? (LINES = int($2), 0) :\
  strcol(1) eq 'ytitle' ? (YTITLE = $2, 0)        : strcol(1) eq 'ysubtitle' ? (YSUBTITLE = $2, 0) :\
  strcol(1) eq 'yfooter'? (YFOOTER = $2, 0)       : strcol(1) eq 'yabove'    ? (YABOVE = $2, 0) :\
  strcol(1) eq 'above'  ? (ABOVE = strcol(2), 0)  :\
  strcol(1) eq 'xmin'   ? (XMIN = $2, 0)          : strcol(1) eq 'xmax'      ? (XMAX = $2, 0) :\
  strcol(1) eq 'ymin'   ? (YMIN = $2, 0)          : strcol(1) eq 'ymax'      ? (YMAX = $2, 0) : 0) nooutput
if (TITLE eq "") { print "no title in ".D.": missing, or not plotdata"; exit status 1 }

# Sizes are pixels of the page in all formats; a PNG has two dots for each, and its fonts count points of 72/96 px.
FONT = "DejaVu Sans"
f(px) = sprintf("%s,%g", FONT, px)
b(px) = sprintf("%s Bold,%g", FONT, px)
if (T eq "svg") { set term svg size W,H dynamic noenhanced font "DejaVu Sans,Verdana,sans-serif,12" name FIG background rgb "white" }
if (T eq "png") { set term pngcairo size 2*W,2*H noenhanced font f(12) fontscale 1.5 linewidth 2 pointscale 2 background rgb "white" }
if (T eq "txt") { set term dumb COLUMNS,LINES noenhanced nofeed }
set output O

# Okabe-Ito hues, one per rung slot in every figure; marker and hue differ together. 1 naive, 2-4 thirds of the tuned
# rungs, 5 library. INK: the same hues dark enough for text on white.
array HUE[5] = [0x56B4E9, 0x0072B2, 0x009E73, 0xCC79A7, 0xD55E00]
array INK[5] = [0x2A7AA8, 0x005F99, 0x00785A, 0xA24C7E, 0xB34700]
array MARK[5] = [7, 5, 9, 13, 11]
array HOLLOW[5] = [6, 4, 8, 12, 10]
GREY = 0x666666
set border 3 lc rgb GREY lw 1
set tics nomirror out scale 0.5 textcolor rgb "black"
set grid ytics lc rgb "#90888888" lw 0.7 dt 1
set key off

# The panels' places on the page, as fractions of it.
array PLEFT[9]; array PRIGHT[9]; array PBOTTOM[9]; array PTOP[9]
stats D index 'panel' using (I = int($1)+1, PLEFT[I] = $2, PRIGHT[I] = $3, PBOTTOM[I] = $4, PTOP[I] = $5, 0) nooutput
