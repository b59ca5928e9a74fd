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
says "$tmp/document" '| `gemm_smem` gemm f32 nn 128x128x128 | 10.0 | 8.00 | - | - | 8.05 | - | - | - | - | 8.71 | - | - |'
says "$tmp/document" '| a kernel that does nothing | - | 0.80 | - | 2.00 | 2.50 | 5.00 | 2.80 | 2.80 | - | 1.50 | 1.50 | - |'
# three kernels of one call are one time, behind the marker; the median of three calls
says "$tmp/document" '| `conv2d_cudnn` conv2d f32 nhwc 2x8x8x8 k8 3x3 | - | 300 | - | - | - | - | - | - | - | 298 | - | - |'
# bold: outside the band
says "$tmp/document" '| `gemm_smem` gemm f32 nn 128x128x128 | 1.006 | - | - | - | - | 1.089 | - | - |'
says "$tmp/document" '| `gemm_cublas` gemm bf16 nt 8192x8192x8192 | 1.003 | **0.833** | - | - | - | - | - | - |'
says "$tmp/document" '1.800 of our batch hot: bound by the host; a null kernel costs 2.50 us by this method and 0.80 by ours; the host needs 7.25 us'
says "$tmp/document" '1.620 of our isolated hot: method overhead; a null kernel costs 5.00 us by this method and 2.00 by ours.'
says "$tmp/document" '0.833 of our batch hot: clock; a null kernel costs 5.00 us by this method and 0.80 by ours; SM clock 1800 MHz there, 1500 in ours.'
says "$tmp/document" '`call_cold` 60.0 us, 1.200 of our batch cold: **not explained**'
says "$tmp/document" '`ncu_cold` 40.0 us, 0.800 of our batch cold: **not explained**'
says "$tmp/document" '13 comparisons; 7 of 13 with a band are inside it; 7 differ by more than 3 %, 3 of these not explained.'
says "$tmp/document" '| 1 | 97.5 % | 71.2 % | 0.00 | 0.67 | 1980 | 1979 |'
says "$tmp/document" 'not here: framework: python3 has no torch'
expect 4 'no facts.txt' sh study/report.sh "$tmp"
expect 2 'usage' sh study/report.sh

# ---- the list: what is written there must be what the rows say, or nothing would match ----
sed 's/#.*//; s/ *$//; /^ *$/d' study/kernels.txt >"$tmp/pairs"
[ "$(wc -l <"$tmp/pairs")" -ge 12 ] || wrong "fewer than 12 kernels"
sed 's/^[^ ]*  *//' "$tmp/pairs" >"$tmp/problems"
"$WHEELBENCH" run --dry-run --place host --problems "$tmp/problems" >"$tmp/plan" || wrong "a problem is none"
"$WHEELBENCH" list impls >"$tmp/impls"
while read -r impl problem; do
    grep -q "cells  $problem\$" "$tmp/plan" || wrong "not the canonical text: $problem"
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
cp "$data/kernels.txt" "$data/facts.txt" "$tmp/raw/"
sh study/report.sh "$tmp/raw" | sed "s|$tmp/raw|$data|" | cmp - "$tmp/document" || wrong "another document than from the same raw files"
expect 4 'holds a study already' env PATH="$tmp/bin:$PATH" B="$tmp/b" sh study/run.sh "$tmp/raw"

echo "$failed failed"
[ "$failed" = 0 ]
