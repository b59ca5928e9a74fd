#!/bin/sh
# test_compare.sh: `wheelbench compare` on runs made from a synthetic one. A user would be told of a
# regression that is none, not be told of one, or have unlike things compared.
# shellcheck disable=SC2016,SC2154 # awk programs; make sets the names of its runs
set -u
tree=$PWD
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
bad=0
fail() { echo "$*"; bad=1; }

# make NAME SLUG COMMIT FROM AWK: a run below $out/results from tests/data/FROM; the awk program edits
# the rows (t and its relatives by scale(factor)), `json` (sed) the manifest, `samples` (awk) makes
# samples.csv from the new rows.
json='' samples='' n=0
make() {
    n=$((n + 1))
    id=$(printf '20260302T1%05dZ-%s' $n "$3")
    dir=$out/results/$2/$id
    mkdir -p "$dir"
    sed -e "s/\"run\": \"[^\"]*\"/\"run\": \"$id\"/" -e "1,/\"slug\"/s/nvidia-h100-80gb-hbm3/$2/" ${json:+-e "$json"} \
        "$tree/tests/data/$4/manifest.json" >"$dir/manifest.json"
    awk -F, -v OFS=, -v id="$id" -v slug="$2" '
        function scale(f, i) { for (i = 17; i <= 23; i++) if ($i != "") $i = sprintf("%.7g", $i * f) }
        function lose(status, reason) { for (i = 16; i <= 24; i++) $i = ""; $27 = $28 = ""; $13 = status; $14 = reason }
        NR == 1 { print; next }
        { $2 = id }
        $10 == "device" { $3 = slug }
        $13 == "ok" { $21 = sprintf("%.7g", $17 * 0.998); $22 = sprintf("%.7g", $17 * 1.002); $34 = 1755 }
        '"$5"'
        $13 == "ok" { $27 = $25 > 0 ? $25 / $17 / 1e3 : ""; $28 = $26 / $17 / 1e3 }
        { print }' "$tree/tests/data/$4/results.csv" >"$dir/results.csv"
    [ -z "$samples" ] || awk -F, "$samples" "$dir/results.csv" >"$dir/samples.csv"
    eval "$1=\$dir"
}

# says STATUS ARGUMENTS...: the command ends so; what it says is in $out/said
says() {
    want=$1
    shift
    (cd "$out" && "$WHEELBENCH" compare "$@") >"$out/said" 2>"$out/errors"
    got=$?
    [ $got -eq "$want" ] || { fail "compare $*: exit $got, not $want"; cat "$out/said" "$out/errors"; }
}
has() { grep -qF -- "$1" "$out/said" "$out/errors" || { fail "does not say '$1':"; cat "$out/said" "$out/errors"; }; }
lacks() { if grep -F -- "$1" "$out/said" "$out/errors"; then fail "says '$1'"; fi; }
# verdicts: how many cells have one, from the CSV
count() { (cd "$out" && "$WHEELBENCH" compare "$2" "$3" --format csv) | grep -c ",$1,"; }

h100=nvidia-h100-80gb-hbm3 gpu=run-gpu-synthetic
make base $h100 aaaaaaa $gpu ''

# a run and itself, or its like
says 0 "$base" "$base"
has '252 cells on both: 0 FASTER, 0 SLOWER, 252 SAME, 0 UNSURE; 32 without a number on both'
has 'SYNTHETIC DATA'
lacks 'gemm_smem' # what is the same is folded away
make like $h100 aaaaaaa $gpu ''
says 0 "$base" "$like" --strict
has '252 SAME'
has 'half differ by at most 0 %, 95 % of them by at most 0 %, all by at most 0 %'
says 0 "$base" "$like" --all
has 'gemm f32 nn 256x256x256  '
has 'skipped in A: needs f32 or f64; skipped in B'

# slower by 5 %, by 1 %, and other impls not
make slow $h100 bbbbbbb $gpu '$8 == "gemm_smem" { scale(1.05) }'
says 3 "$base" "$slow"
has '26 SLOWER, 226 SAME'
has '0.95x  0.95..0.96'
[ "$(count SLOWER "$base" "$slow")" = 26 ] || fail "not the 26 rows of gemm_smem are SLOWER"
says 0 "$slow" "$base"
has '26 FASTER'
says 0 "$base" "$slow" --fail-on none
says 0 "$base" "$slow" --threshold 6
says 0 "$base" "$slow" --impl '!gemm_smem'
says 3 "$base" "$slow" --op gemm --impl 'gemm_s*' --precision f32 --layout nn --cache cold --timing batch
make little $h100 bbbbbbb $gpu '{ scale(1.01) }'
says 0 "$base" "$little"
lacks ' SLOWER$'
has 'half differ by at most 1 %, 95 % of them by at most 1 %, all by at most 1 %'
has 'one process says nothing about the spread between processes'

# only the clock
make clock $h100 ccccccc $gpu '$10 == "device" { scale(1.1); $34 = 1755 / 1.1 }'
says 0 "$base" "$clock" --place device
has 'CLOCK: 1755 | 1595 MHz'
has ' 0 SLOWER,'
make both $h100 ccccccc $gpu '$10 == "device" { scale(1.3); $34 = 1755 / 1.1 }'
says 3 "$base" "$both" --place device

# repeats: six processes each, told apart by ranks
six() { echo 'BEGIN { OFS = ","; print "row,repeat,round,pos,calls,t_us" }
    NR > 1 && $13 == "ok" { for (q = 1; q <= '"$1"'; q++) print NR - 1, q, 1, 1, 10, $17 * (1 + 0.001 * (q - ('"$1"' + 1) / 2)) }'; }
samples=$(six 6)
make six_a $h100 ddddddd $gpu '$13 == "ok" { $16 = 6; $21 = $17 * 0.9975; $22 = $17 * 1.0025 }'
make six_b $h100 eeeeeee $gpu '$13 == "ok" { $16 = 6; $21 = $17 * 0.9975; $22 = $17 * 1.0025; scale(1.025) }'
make six_c $h100 eeeeeee $gpu '$13 == "ok" { $16 = 6; $21 = $17 * 0.9975; $22 = $17 * 1.0025; scale(1.01) }'
samples=$(six 3)
make three_a $h100 fffffff $gpu '$13 == "ok" { $16 = 3; $21 = $22 = "" }'
make three_b $h100 fffffff $gpu '$13 == "ok" { $16 = 3; $21 = $22 = ""; scale(1.025) }'
samples=''
says 3 "$six_a" "$six_b"
has '252 SLOWER'
lacks 'one process'
says 0 "$six_a" "$six_c"
has '0 SLOWER, 252 SAME'
says 3 "$six_a" "$six_c" --threshold 0.5
says 0 "$three_a" "$three_b" # 3 + 3 cannot tell
has ' 0 SLOWER,'
says 5 "$three_a" "$three_b" --strict
has 'UNSURE: run --preset publish -p "gemm f32 nn'
says 3 "$three_a" "$three_b" --fail-on unsure,gone
# and four runs of one process each do as well, also by their commit
for i in 1 2 3 4; do
    make many_a $h100 1111111 $gpu "{ scale(1 + 0.001 * $i) }"
    make many_b $h100 2222222 $gpu "{ scale(1.03 + 0.001 * $i) }"
done
says 0 "$many_a" "$many_b"
says 3 $h100@1111111 $h100@222
has '252 SLOWER'
says 3 "$h100@1111111" "$(echo "$out/results/$h100"/*-2222222 | tr ' ' ,)"
says 0 "$h100" "$many_b" # the newest of the slug
has '252 SAME'

# what the runs know of A against A widens the band
json='s/"roof_host": {/"health": { "aa_floor_pct": 2 },\n  &/'
make noisy $h100 bbbbbbb $gpu '{ scale(1.05) }'
json=''
says 0 "$base" "$noisy"

# broken and mended, gone and new
make broken $h100 3333333 $gpu '$8 == "gemm_smem" && $5 == "bf16" { lose("wrong", "bound: 3 of 65536") }'
says 3 "$base" "$broken"
has '7 BROKEN'
has 'BROKEN: wrong in B: bound: 3 of 65536'
says 0 "$broken" "$base"
has '7 FIXED'
make gone $h100 3333333 $gpu '$8 == "gemm_smem" && $13 == "ok" { lose("skipped", "time budget") } $8 == "pool2d_vec" { next }'
says 0 "$base" "$gone"
has '34 only in A'
has 'only in A: 26 were skipped in B, 26 of them for: time budget'
says 3 "$base" "$gone" --fail-on gone
says 0 "$gone" "$base" --all
has 'NEW: skipped in A: time budget'
has 'NEW: not in A'

# what must not be compared
make other $h100 4444444 $gpu '{ $8 = $8 "_x" }'
says 4 "$base" "$other"
has 'nothing matches; impl: A has'
json='s/"preset": "quick",/&\n  "clocks": "locked=1410", "data": "uniform",/'
make locked $h100 5555555 $gpu ''
json='s/"preset": "quick",/&\n  "clocks": "free", "data": "uniform",/'
make free $h100 5555555 $gpu ''
json='s/"preset": "quick",/&\n  "clocks": "free", "data": "zero",/'
make zero $h100 5555555 $gpu ''
json='s/"preset": "quick",/&\n  "ops": { "gemm": 2 },/'
make version $h100 6666666 $gpu '{ scale(2) }'
json=''
says 4 "$free" "$locked"
has 'the clock policies differ: A has free, B has locked=1410'
says 4 "$free" "$zero"
has 'the data differ'
says 4 "$free,$zero" "$base"
has 'the runs of A differ in the data'
says 0 "$free" "$locked" --mode hardware
has 'clocks: free | locked=1410'
says 3 "$base" "$version" # a gemm of another definition is another cell
has '80 cells on both'
has 'gemm: - | 2'
lacks 'gemm f32 nn'
json='s/"host": {/"roof_host": { "gbs": 30, "gflops_f32": 300 },\n  &/'
make cpu amd-epyc-9r14 aaaaaaa run-cpu-synthetic ''
json='s/"threads": 2/"threads": 4/'
make threads amd-epyc-9r14 bbbbbbb run-cpu-synthetic ''
json=''
says 4 "$cpu" "$threads"
has 'nothing matches; threads: A has 2, B has 4; --mode hardware'
says 4 "$base" "$cpu" --mode regression
has 'threads: A has 16, B has 2'

# host rows of other machines: whatever the number of threads, which is told first
says 0 "$base" "$cpu"
has 'A  Intel(R) Xeon(R) Platinum 8480C (host of NVIDIA H100 80GB HBM3)  run'
has 'B  AMD EPYC 9R14  run'
has 'differs: threads: 16 | 2'
[ "$(grep -c 'threads: ' "$out/said")" = 1 ] || fail "the threads are told twice"
has 'roofs:   host: memory 60.0 GB/s | 30.0 GB/s 0.50x'
has 'memory-bound problems 1.00x of 0.50x promised'
says 0 "$base" "$cpu" --place host
says 0 "$cpu" "$threads" --mode hardware
has 'differs: threads: 2 | 4'
says 4 "$cpu,$threads" "$base"
has 'host rows of two kinds on A'
has 'or --place device'

# other hardware: bandwidth x 1.4; what moves bytes gets 1.38 of it, the naive kernels 1.1
json='s/"gbs": 2940/"gbs": 4116/'
make h200 nvidia-h200 aaaaaaa $gpu '$10 == "device" && $4 == "pool2d" { scale($9 == "naive" ? 1 / 1.1 : 1 / 1.38) }'
json=''
says 0 $h100@aaaaaaa,"$slow" nvidia-h200 --op pool2d --place device
says 0 "$base" nvidia-h200
has 'roofs:   memory 2.94 TB/s | 4.12 TB/s 1.40x      f64 62.0 TFLOP/s | 62.0 TFLOP/s 1.00x'
has '24 FASTER, 0 SLOWER'
has 'FASTER, 0.79 of its roof'
has '1.40x  memory'
has 'of 1.40x promised'
says 3 nvidia-h200 "$base" --fail-on slower --op pool2d
says 4 "$base,$h200" "$base"
has 'one side has runs of two devices'

# the slug of a CPU: the newest complete run in whose machine its host rows were measured
xeon=intel-xeon-platinum-8480c
make device_only nvidia-h200 8888888 $gpu '$10 == "host" { next }'
json='s/"state": "complete"/"state": "interrupted"/'
make torn nvidia-h200 8888888 $gpu ''
json=''
says 0 $xeon nvidia-h200@aaaaaaa
has "A  Intel(R) Xeon(R) Platinum 8480C (host of NVIDIA H100 80GB HBM3)  run $(basename "$h200")"
has '62 cells on both: 0 FASTER, 0 SLOWER, 62 SAME, 0 UNSURE; 2 without' # a regression, of host rows alone
lacks ' device '
says 0 amd-epyc-9r14@aaaaaaa $xeon
has 'differs: threads: 2 | 16'
lacks 'only in B'
says 2 $xeon "$cpu" --place device
has 'there are: host'
says 0 $xeon
has ', host cold host'
lacks ', device '
says 0 "$xeon@aaaaaaa,$slow" "$cpu"
says 0 $xeon@bbbbbbb $xeon@ddddddd
says 4 $xeon@8888888
says 4 $xeon@
has 'expected a commit behind @'
says 4 "$xeon,$cpu" "$base"
has 'one side has runs of two devices'
mkdir "$out/results/$xeon"
says 4 $xeon # a directory goes first
has 'no complete run in it'
rmdir "$out/results/$xeon"

# one side: its ladder
says 0 "$base"
has 'gemm f32 nn 256x256x256, device cold batch'
has 'lines  per doubling  verdict'
has 'the rival'
has 'dead end'
has 'sum of times against the library'
says 3 "$base" --fail-on unsure
says 0 "$broken" --op gemm --impl gemm_smem --precision bf16
has 'wrong: bound: 3 of 65536'
says 3 "$broken" --fail-on broken
[ "$(cd "$out" && "$WHEELBENCH" compare "$base" --all --format csv | wc -l)" = 285 ] || fail "not a line for each row"

# formats and files
says 0 "$base" "$h200" --format md -o "$out/page.md"
[ ! -s "$out/said" ] || fail "-o, and stdout is not empty"
grep -q '^| problem | impl | mode | A |' "$out/page.md" || fail "no table in Markdown"
grep -qF 'of 1.40x promised' "$out/page.md" || fail "Markdown without the last sentence"
says 4 "$base" "$h200" -o "$out/nowhere/page.md"
[ "$(cd "$out" && "$WHEELBENCH" compare "$base" "$like" --format csv | awk -F, '{ print NF }' | sort -u)" = 31 ] ||
    fail "lines of the CSV differ in length"

# the figure says what the text says, of the same cells
says 3 "$base" "$slow" --plot
# solid A B: how many marks of the figure are filled
solid() { awk '/^#/ { on = on && NR == 1 + at; if ($2 == "mark") on = 1; if ($2 == "mark") at = NR; next } on && NF == 4 && !$4 { n++ } END { print n + 0 }' \
    "$out/out/$(basename "$1")+$(basename "$2")/compare.dat"; }
figure=$out/out/$(basename "$base")+$(basename "$slow")
[ -s "$figure/compare.dat" ] || fail "--plot writes no data"
if command -v gnuplot >/dev/null; then
    has "out/$(basename "$base")+$(basename "$slow")/compare.svg"
    [ -s "$figure/compare.png" ] || fail "--plot draws nothing"
    cp "$figure/compare.dat" "$out/of_compare.dat"
    (cd "$out" && "$WHEELBENCH" plot "$base" "$slow" --figure compare) >/dev/null || fail "plot --figure compare"
    cmp "$figure/compare.dat" "$out/of_compare.dat" || fail "plot and compare --plot draw two figures"
    says 0 "$base" "$h200" --plot --format csv
    grep -q 'compare.svg' "$out/errors" || fail "the path is not told"
    [ "$(awk -F, '{ print NF }' "$out/said" | sort -u)" = 31 ] || fail "a path stands in the CSV"
    says 3 $h100@1111111 $h100@2222222 --plot --impl gemm_smem # 3 % in 4 processes are no noise
    has "$(basename "$many_a")+3+$(basename "$many_b")+3/compare.svg"
    grep -q 'band: 2 %.* 3 of 26 common' "$out/out/$(basename "$many_a")+3+$(basename "$many_b")+3/compare.dat" ||
        fail "the figure has another band, or other cells"
    make other_slow $h100 bbbbbbb $gpu '$8 == "gemm_coalesced" { scale(1.05) }'
    says 3 "$base" "$other_slow" --plot
    [ "$(solid "$base" "$other_slow")" = 3 ] || fail "not the 3 rows of gemm_coalesced are filled"
    says 0 "$base" "$clock" --place device --plot
    [ "$(solid "$base" "$clock")" = 0 ] || fail "CLOCK is drawn as SLOWER"
    grep -q 'by the clock alone' "$out/out/$(basename "$base")+$(basename "$clock")/compare.dat" || fail "CLOCK is called noise"
    make hot $h100 9999998 $gpu '{ $11 = "hot" }'
    make hot_slow $h100 9999998 $gpu '{ $11 = "hot"; scale(1.05) }'
    says 4 "$hot" "$hot_slow" --plot --fail-on none
    has 'no compare: the runs have not a usable cold row'
    has '0.95x'
    says 3 "$hot" "$hot_slow" --plot # what was measured matters more
fi
says 2 "$base" --plot
has '--plot needs two sides'
mkdir "$out/bin" && ln -s "$(command -v sh)" "$out/bin/sh"
(cd "$out" && PATH=$out/bin "$WHEELBENCH" compare "$base" "$h200" --plot) >"$out/said" 2>"$out/errors"
[ $? -eq 4 ] || fail "no gnuplot, and --plot does not end with 4"
has 'of 1.40x promised'
has "the data are in out/"

# hostile text
esc=$(printf '\033[31m') bytes=$(printf '\302\233\342\200\256\377')
json='s/"name": "[^"]*"/"name": "\\u001b[2J<script>alert(1)<\/script> \\u202e `touch x` %n%s"/'
make evil "$h100" 7777777 $gpu '$8 == "gemm_smem" { lose("wrong", "'"$esc$bytes"'|<img onerror=1> $(touch x) %n") } { $39 = "=HYPERLINK(1)" } $8 == "gemm_naive" && $13 == "ok" { scale(0.0001); $39 = "'"$esc$bytes"'<b>" } $8 == "gemm_cublas" { $8 = "gemm_'"$esc"'[a](b)"; scale(2) }'
json=''
mv "$evil" "$out/$esc$bytes"
evil=$out/$esc$bytes
for format in text md csv; do
    says 3 "$base" "$evil" --format $format --all
    says 0 "$evil" --format $format --all
    mv "$out/said" "$out/said1"
    says 0 "$evil" "$evil,$base" --all --format $format
    says 4 "$evil" "$out/$esc"
    if LC_ALL=C grep -q "$(printf '[\001-\011\013-\037\177\377]')" "$out/said1" "$out/said" "$out/errors"; then fail "$format: a control byte"; fi
    if LC_ALL=C grep -q "$(printf '\302[\200-\237]')" "$out/said1" "$out/said"; then fail "$format: a C1 control"; fi
    if [ $format != csv ] && LC_ALL=C grep -q "$(printf '\342\200\256')" "$out/said1"; then fail "$format: the direction turns"; fi
done
says 3 "$base" "$evil" --format md
lacks '<script>'
lacks '<img'
lacks '[a](b)'
[ ! -e "$out/x" ] || fail "a name became a command"

# bad command lines and directories
says 2
says 2 a b c
says 2 "$base" --mode regression
says 2 "$base" "$like" --mode impl
says 2 "$base" --fail-on slow
has "valid: slower broken gone unsure none"
says 2 "$base" --op gem
has 'there are: gemm conv2d pool2d'
says 2 "$base" "$like" --impl gemm_smem --op conv2d
has 'no row matches all of the options'
says 2 "$base" --threshold 5%
says 2 "$base" --frobnicate
says 4 nowhere
has "Devices: amd-epyc-9r14 nvidia-h100-80gb-hbm3 nvidia-h200; CPUs: intel-xeon-platinum-8480c amd-epyc-9r14"
says 4 $h100@9999999
says 4 "$base,$base"
has 'there twice'
mkdir -p "$out/results/empty"
says 4 empty
sed -i 's/"schema": 1/"schema": 2/' "$clock/manifest.json"
says 4 "$base" "$clock"
has 'schema 2 is not known'
printf 'x' >>"$slow/results.csv"
says 4 "$slow"
has 'results.csv:286: the last row is torn'

# help names every option, and the program every command
"$WHEELBENCH" help compare >"$out/said"
for option in mode op impl tier place precision layout shape cache timing threshold fail-on strict sort all format output plot; do
    grep -q -- "--$option" "$out/said" || fail "help compare lacks --$option"
done
"$WHEELBENCH" help >"$out/said"
for command in $(sed -n 's/^int cmd_\([a-z]*\)(.*/\1/p' bench/cmd/commands.h); do
    grep -q "^  $command " "$out/said" || fail "help lacks $command"
done

# every stored run alone and against the one before it: an answer, or a reason
b=$(for a in results/*/2*/; do echo "$a"; done | tail -n 1)
for a in results/*/2*/; do
    "$WHEELBENCH" compare "$a" "$b" >"$out/said" 2>"$out/errors"
    case $? in
    0 | 3) [ -s "$out/said" ] || fail "$a $b: nothing said" ;;
    4) grep -q 'nothing matches; ' "$out/errors" || fail "$a $b: $(cat "$out/errors")" ;;
    *) fail "$a $b: $(cat "$out/errors")" ;;
    esac
    "$WHEELBENCH" compare "$a" >"$out/said" || fail "$a alone"
    [ -s "$out/said" ] || fail "$a alone: nothing said"
    b=$a
done
exit $bad
