#!/bin/sh
# test_sass.sh: what the compiler made of the kernels that live from it, read off the machine code, so
# without a GPU. A user would lose the rates of these kernels without one wrong result: sums that
# spill, wgmma that became nothing, copies by threads, a loop that is no longer all FFMA.
# CUOBJDUMP: the tool, if it is not in PATH or beside nvcc; nvdisasm must be beside it or in PATH.
set -u
objects=$(dirname "$WHEELBENCH")/CMakeFiles/kernels_sm_90a.dir/kernels/gemm
[ -d "$objects" ] || { echo "skipped: this build has no code for sm_90a"; exit 77; }
tool=${CUOBJDUMP:-$(command -v cuobjdump || ls /usr/local/cuda/bin/cuobjdump 2>/dev/null)}
[ -n "$tool" ] || { echo "skipped: no cuobjdump; set CUOBJDUMP to it"; exit 77; }
PATH=$(dirname "$tool"):$PATH
sass=$(mktemp)
trap 'rm -f "$sass"' EXIT
bad=0
wrong() { echo "$1"; bad=1; }

# expect IMPL PATTERN...: all are there, nothing spills, no tensor core but by wgmma
expect() {
    impl=$1
    shift
    if ! "$tool" -sass "$objects/$impl.cu.o" >"$sass" 2>&1; then
        grep -q nvdisasm "$sass" && { echo "skipped: $(tail -n 1 "$sass")"; exit 77; }
        wrong "$impl: $(tail -n 1 "$sass")"
        return
    fi
    for pattern; do
        n=$(grep -cE "[^A-Z]$pattern" "$sass")
        [ "$n" -gt 0 ] || wrong "$impl: no $pattern"
    done
    n=$(grep -cE '[^A-Z](LDL|STL)[. ]' "$sass")
    [ "$n" -eq 0 ] || wrong "$impl: spills, $n times"
    n=$(grep -cE '[^A-Z]HMMA' "$sass")
    [ "$n" -eq 0 ] || wrong "$impl: HMMA"
    echo "$impl: $(grep -c 'Function :' "$sass") kernels, $(grep -cE '[^A-Z]HGMMA' "$sass") HGMMA"
}

# least_ffma PERCENT: of the instructions of the loop that has most FFMA, the shortest such
least_ffma() {
    awk -v least="$1" '
        match($0, /\/\*[0-9a-f]+\*\/ +[^;]*;/) {
            text = substr($0, RSTART, RLENGTH); n++
            address[n] = substr(text, 3, index(text, "*/") - 3); sub(/^0*/, "", address[n])
            place[address[n]] = n; ffma[n] = ffma[n - 1] + (text ~ /[^A-Z]FFMA/)
            if (text ~ /[^A-Z]BRA/ && match(text, /0x[0-9a-f]+/)) {
                to = substr(text, RSTART + 2, RLENGTH - 2); from = place[to]
                if (from && ffma[n] - ffma[from] > 500 && (!size || n - from < size)) {
                    size = n - from + 1; share = 100 * (ffma[n] - ffma[from - 1]) / size
                }
            }
        }
        /Function :/ { n = 0; delete place; delete ffma }
        END { printf "the loop: %d instructions, %.1f %% FFMA\n", size, share; exit share < least }
    ' "$sass"
}

expect gemm_wgmma HGMMA.64x128x16 UTMALDG
expect gemm_wgmma_persistent HGMMA.64x256x16 HGMMA.64x192x16 UTMALDG.2D.MULTICAST UTMASTG
expect gemm_wgmma_tf32 HGMMA.64x256x8 UTMALDG.2D.MULTICAST UTMASTG
expect gemm_skinny HGMMA.64x8x16 HGMMA.64x16x16 HGMMA.64x32x16 HGMMA.64x64x16 UTMALDG
for impl in gemm_bf16x3 gemm_bf16x6 gemm_bf16x9; do
    expect $impl HGMMA.64x192x16 HGMMA.64x128x16 UBLKCP
done
expect gemm_ffma UTMALDG FFMA LDS.128
least_ffma 93 || wrong "gemm_ffma: less than 93 % of its loop is FFMA"
exit $bad
