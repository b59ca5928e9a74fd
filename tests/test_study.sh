#!/bin/sh
# test_study: the agreement study on made-up raw files and a made-up machine. A user would lose: a
# document whose table is not what was measured, one that explains a difference which the data do
# not explain, or the only run on a GPU to a mistake in the script.
# shellcheck disable=SC2016   # backticks are Markdown here
set -u
data=tests/data/study-synthetic
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0
wrong() { echo "$*"; failed=$((failed + 1)); }
says() { grep -qF -- "$2" "$1" || wrong "$1 lacks: $2"; }
expect() {   # expect STATUS WORDS COMMAND...
    want=$1 words=$2
    shift 2
    "$@" >"$tmp/said" 2>&1
    got=$?
    [ "$got" = "$want" ] || wrong "status $got, expected $want: $*"
    says "$tmp/said" "$words"
}

# ---- the document ----
sh study/report.sh "$data" >"$tmp/document" || wrong "report.sh: status $?"
says "$tmp/document" '| `gemm_cublas` gemm f32 nn 128x128x128 | 6.00 | 4.00 | - | 5.00 | 7.20 | 8.10 | - | - | - | 3.90 | - | - |'
says "$tmp/document" '| `gemm_smem` gemm f32 nn 128x128x128 | 10.0 | 8.00 | - | - | 8.05 | 20.0 | - | - | 24.0 | 8.71 | - | - |'
# the null kernel: the smaller of before and after; one that is longer than a real kernel says nothing
says "$tmp/document" '| a kernel that does nothing | - | 0.80 | - | 2.00 | 2.50 | 5.00 | 2.80 | 2.80 | 30.0 | 1.50 | 1.50 | - |'
says "$tmp/document" 'Null kernel not usable by `wall_hot`: 30.0 us, above the 24.0 us of a kernel that does something.'
# three kernels of one call are one time, behind the marker; the median of three calls
says "$tmp/document" '| `conv2d_cudnn` conv2d f32 nhwc 2x8x8x8 k8 3x3 | - | 300 | - | - | - | - | - | - | - | 298 | - | 350 |'
# bold: outside the band
says "$tmp/document" '| `gemm_smem` gemm f32 nn 128x128x128 | 1.006 | **2.500** | - | - | 3.000 | 1.089 | - | - |'
says "$tmp/document" '| `gemm_cublas` gemm bf16 nt 8192x8192x8192 | 1.003 | **0.803** | - | - | - | - | - | - |'
# differences, each under its cause
under() { awk -v title="### $1" '/^#/ { on = $0 == title } on' "$3" | grep -qF -- "$2" || wrong "$3, not under $1: $2"; }
under 'Bound by the host (1)' '`loop_hot` | 7.20 | batch hot | 4.00 | 1.800 | 7.25 | queueing a call takes the host 7.25 |' "$tmp/document"
under 'Method overhead (2)' '`call_hot` | 8.10 | isolated hot | 5.00 | 1.620 | 8.00 | null kernel 5.00 by call_hot, 2.00 by ours |' "$tmp/document"
under 'Method overhead (2)' '`ncu_hot` | 8.71 | batch hot | 8.00 | 1.089 | 8.70 | null kernel 1.50 by ncu_hot, 0.80 by ours |' "$tmp/document"
under 'One call on an idle device (1)' '`call_hot` | 20.0 | batch hot | 8.00 | 2.500 | 19.7 |' "$tmp/document"
under 'Another SM clock (1)' '`call_hot` | 1205 | batch hot | 1500 | 0.803 | 1250 | 1800 MHz there, 1500 in ours |' "$tmp/document"
under 'A clean cache (1)' '`ncu_cold` | 40.0 | batch cold | 50.0 | 0.800 | - | DRAM reads cold / hot 1.01; ours by ncu_hot: 50.1 |' "$tmp/document"
under 'Not explained (3)' '`torch` | 350 | batch hot | 300 | 1.167 | - | another cuDNN (9.19.0; ours 9.14.0) |' "$tmp/document"
under 'Not explained (3)' '`call_cold` | 60.0 | batch cold | 50.0 | 1.200 | - |' "$tmp/document"
# what a reader takes away; wall_hot is judged nowhere
says "$tmp/document" '15 comparisons have a band, 7 are inside it.'
says "$tmp/document" '9 differ by more than 3 %: 6 agree with a cause, 0 are below what the method resolves, 3 are not explained.'
says "$tmp/document" 'not explained: `pool2d_rows` pool2d f32 nchw max 1x1x8x8 2x2, `call_cold` 60.0 us, 1.200 of our batch cold.'
says "$tmp/document" '(`ncu_hot`) gives 0.993 to 1.002 (2 kernels) of our batch hot.'
says "$tmp/document" '| 1 | 97.5 % | 71.2 % | 0.00 | 0.67 | 1980 | 1979 |'
says "$tmp/document" 'ncu: Version 0 (synthetic); counters from 2 runs of the program'
says "$tmp/document" 'not here: nvbench: not part of this program'
says "$tmp/document" 'Made by `sh study/report.sh RAWDIR`;'
! grep -qF -- "$data" "$tmp/document" || wrong "the document names where the raw files lay"

# ---- where the data no longer predict the time, nothing is put down to a cause ----
unexplained() {   # unexplained FILE SED WORDS
    rm -rf "$tmp/other"
    cp -r "$data" "$tmp/other"
    sed "$2" "$data/$1" >"$tmp/other/$1"
    ! cmp -s "$data/$1" "$tmp/other/$1" || wrong "changes nothing in $1: $2"
    sh study/report.sh "$tmp/other" >"$tmp/other.md"
    under 'Not explained (4)' "$3" "$tmp/other.md"
}
unexplained events.csv 's/enqueue,200,7.25,/enqueue,200,5.9,/' '`loop_hot` | 7.20 |'      # 10 % and 0.5 us
unexplained events.csv 's/enqueue,200,10,/enqueue,200,7,/' '`call_hot` | 20.0 |'
unexplained events.csv 's/call_hot,100,1205,/call_hot,100,1180,/' '`call_hot` | 1180 |'   # 5 %
unexplained ncu-counters.txt 's/"810,000"/"900,000"/' '`ncu_cold` | 40.0 |'               # reads more when cold
unexplained events.csv 's/^null,null,call_hot,200,[0-9.]*,/null,null,call_hot,200,34.4,/' '`call_hot` | 8.10 |'
expect 4 'no facts.txt' sh study/report.sh "$tmp"
expect 2 'usage' sh study/report.sh

# ---- the list: what is written there must be what the rows say, or nothing would match ----
sed 's/#.*//; s/ *$//; /^ *$/d' study/kernels.txt >"$tmp/pairs"
[ "$(wc -l <"$tmp/pairs")" -ge 12 ] || wrong "fewer than 12 kernels"
sed 's/^[^ ]*  *//' "$tmp/pairs" >"$tmp/problems"
"$WHEELBENCH" run --dry-run --place host --problems "$tmp/problems" >"$tmp/plan" || wrong "a problem is none"
"$WHEELBENCH" list impls >"$tmp/impls"
while read -r impl problem; do
    grep -q "cells .* s  $problem\$" "$tmp/plan" || wrong "not the canonical text: $problem"
    grep -qw -- "$impl" "$tmp/impls" || wrong "no such impl: $impl"
done <"$tmp/pairs"

# ---- the run: without a GPU it says so, on a made-up machine it brings all raw files back ----
expect 4 'build it first' env B="$tmp/nothing" sh study/run.sh "$tmp/raw"
expect 2 'usage' sh study/run.sh
if ! "$WHEELBENCH" list devices | grep -q '^device  [0-9]'; then
    expect 4 'needs a GPU: no CUDA device' env B="$(dirname "$WHEELBENCH")" sh study/run.sh "$tmp/raw"
    [ ! -e "$tmp/raw" ] || wrong "a directory although there is no GPU"
fi
mkdir -p "$tmp/b/study" "$tmp/bin"
fake() { printf '#!/bin/sh\n%s\n' "$2" >"$1" && chmod +x "$1"; }
fake "$tmp/b/wheelbench" "case \"\$*\" in
'list devices') echo 'device  0  SYNTHETIC GPU' ;;
--version) echo 'wheelbench 0.0.0' ;;
'run --help') echo '  --timing LIST  batch,isolated' ;;
*'--timing batch,isolated'*) mkdir -p $tmp/r && cp $data/results.csv $data/manifest.json $tmp/r &&
    : >$tmp/r/samples.csv && mkdir -p $tmp/raw/run && echo $tmp/r ;;
*) exit 2 ;;
esac"
fake "$tmp/b/study/study_events" "[ \$1 = --once ] || exec cat $data/events.csv
case \$2 in *time*) cp $data/marks-time.csv \$2 ;; *) cp $data/marks-counters.csv \$2 ;; esac"
fake "$tmp/bin/ncu" "case \"\$*\" in --version) echo 'Version 0 (synthetic)'; exit ;; esac
while [ \"\$1\" != $tmp/b/study/study_events ]; do all=\"\$all \$1\"; shift; done; \"\$@\"
case \$all in *application*) cat $data/ncu-counters.txt ;; *) cat $data/ncu-time.txt ;; esac"
fake "$tmp/bin/cmake" true
expect 0 'done: ' env PATH="$tmp/bin:$PATH" B="$tmp/b" PYTHON=false sh study/run.sh "$tmp/raw"
for file in facts.txt kernels.txt problems.txt results.csv samples.csv manifest.json events.csv \
    ncu-time.txt ncu-counters.txt marks-time.csv marks-counters.csv log.txt; do
    [ -e "$tmp/raw/$file" ] || wrong "run.sh brings no $file"
done
cp "$data/kernels.txt" "$data/facts.txt" "$data/framework.csv" "$tmp/raw/"
sh study/report.sh "$tmp/raw" | cmp - "$tmp/document" || wrong "another document than from the same raw files"
expect 4 'holds a study already' env PATH="$tmp/bin:$PATH" B="$tmp/b" sh study/run.sh "$tmp/raw"

echo "$failed failed"
[ "$failed" = 0 ]
