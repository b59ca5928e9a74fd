#!/bin/sh
# test_cli.sh: the command line, as a person mistypes it. A user would lose a clear message, the right
# exit status, or rows that were already measured.
set -u
out=$(mktemp -d)
trap 'chmod -R u+w "$out"; rm -rf "$out"' EXIT
bad=0
unset NVIDIA_TF32_OVERRIDE

# expect STATUS WORDS ARGUMENT...: runs wheelbench; all output must contain WORDS
expect() {
    status=$1 words=$2
    shift 2
    text=$("$WHEELBENCH" "$@" 2>&1)
    got=$?
    case $text in
    *"$words"*) [ "$got" -eq "$status" ] && return ;;
    esac
    echo "wheelbench $*: status $got, expected $status with '$words':"
    echo "$text" | tail -n 5
    bad=1
}

expect 2 'usage: wheelbench COMMAND'
expect 0 'wheelbench COMMAND --help' --help
expect 0 'naive, tuned' --version
expect 2 "unknown command 'rnu'" rnu
expect 0 '--problems FILE' run --help
expect 0 '--problems FILE' help check
expect 2 "Did you mean 'gemm'?" run --op gem
expect 2 'Ops: gemm,conv2d,pool2d' run --op gem
expect 2 "unknown 'fp16'; valid: f64,f32,tf32,f16,bf16" run --precision fp16
expect 2 "--impl 'gemm_wgma*' matches nothing. Impls: gemm_cpu_naive" run --op gemm --impl 'gemm_wgma*'
expect 2 "unknown 'graph'; valid: batch,isolated" run --timing graph
expect 2 "--preset: unknown 'slow'; valid: quick,standard,publish" run --preset slow
expect 2 "unknown option '--frobnicate'" run --frobnicate
expect 2 'needs a value' run --op
expect 2 "expected a number from 1 to 512" run --rounds 0
expect 2 "expected a number from 1 to 512" run --rounds 1e99
expect 2 "expected a number from 1 to 32" run --repeats 33
expect 2 'add --repeats 1' run --preset publish --in-process
expect 2 "expected a whole number" run --seed -1
expect 2 "goes behind -p" run gemm
expect 2 'n is 0; every extent is 1 to 2147483647' run -p 'gemm f32 nn 4096x0x64'
expect 2 'n is too large' run -p 'gemm f32 nn 1x99999999999x1'
expect 2 'm is missing or not a number' run -p 'gemm f32 nn -4x4x4'
expect 2 "Did you mean 'conv2d'?" run -p 'conv2s f32 nchw 1x1x1x1 k1 1x1'
expect 2 'No such file or directory' run --problems "$out/none.txt"
expect 2 'FIRST:LAST:FACTOR' run --sweep 256:16
expect 2 'no problem is left' run --op pool2d -p 'gemm f32 nn 4x4x4'
expect 2 'no impl is left' run --place host --impl gemm_cublas -p 'gemm f32 nn 4x4x4'
expect 0 'gemm_cpu_naive' list
expect 0 'conv2d_cpu_naive' list --op conv2d --lines
expect 0 'standard: ' list problems
expect 2 'expected ops, impls, problems' list nothing
expect 0 'cells, about' run --dry-run --place host
expect 0 '6 repeats, about' run --dry-run --preset publish
expect 0 'dram_copy' roof --threads 1
expect 2 "unknown 'hots'; valid: host,device" roof --place hots
expect 2 "is no option of roof" roof host
expect 0 '1 agree, 0 skipped, 0 wrong, 0 failed' check --impl gemm_cpu_naive -p 'gemm f32 nn 33x31x17'

# what does not fit into memory is a row, not a crash
expect 0 'GiB are free' run -o "$out" --limit 100000 --impl gemm_cpu_naive -p 'gemm f32 nn 2000000x2000000x1'

# no GPU: asking for one is an error; not asking makes skipped rows
if ! "$WHEELBENCH" list devices | grep -q '^device  [0-9]'; then
    expect 4 '--place host runs the CPU ladder' run --device 0
    expect 4 '--device 0: no CUDA device' roof --device 0
    expect 0 'no CUDA device' roof --place device
    expect 0 'skipped' run -o "$out" --rounds 1 --place device -p 'gemm f32 nn 32x32x32'
fi

# a run, its directory on the last line, a row of each kind
dir=$("$WHEELBENCH" run -q -o "$out" --rounds 2 --cache hot --place host -p 'gemm f32 nn 64x64x64' -p 'pool2d f32 nhwc max 1x8x8x8 2x2' | tail -n 1)
for file in results.csv manifest.json; do
    [ -s "$dir/$file" ] || { echo "no $file in '$dir'"; bad=1; }
done
grep -q ',gemm_cpu_naive,naive,host,hot,host,ok,' "$dir/results.csv" || { echo "no row of gemm_cpu_naive"; bad=1; }
grep -q '"fma_f32_gflops": *[1-9]' "$dir/manifest.json" || { echo "the manifest has no roof"; bad=1; }
grep -q '"gbs_end": *[0-9]' "$dir/manifest.json" || { echo "the copy was not measured again at the end"; bad=1; }
dir=$("$WHEELBENCH" run -q -o "$out" --no-roof --rounds 1 --cache hot --place host -p 'gemm f32 nn 8x8x8' | tail -n 1)
grep -q '"fma_f32_gflops": *null' "$dir/manifest.json" || { echo "--no-roof measured one"; bad=1; }
grep -q '"gbs_end": *null' "$dir/manifest.json" || { echo "--no-roof measured one at the end"; bad=1; }
grep -q '"state": *"complete"' "$dir/manifest.json" || { echo "the manifest does not say complete"; bad=1; }

# output that cannot be written
: >"$out/file"
expect 4 "$out/file" run -o "$out/file" -p 'gemm f32 nn 4x4x4'
if [ "$(id -u)" != 0 ]; then
    mkdir "$out/locked" && chmod 555 "$out/locked"
    expect 4 'Permission denied' run -o "$out/locked" -p 'gemm f32 nn 4x4x4'
fi

# a full disk in the middle: what was measured before stays, and the run says so (48 blocks of 512 bytes:
# room for the manifest and some rows)
text=$(ulimit -f 48; "$WHEELBENCH" run -q -o "$out/full" --rounds 1 --cache hot --place host --sweep 1:64:1.05 2>&1)
got=$?
case $text in
*'rows are kept'*) [ "$got" -eq 4 ] || { echo "full disk: status $got"; bad=1; } ;;
*) echo "full disk: $text" | tail -n 3; bad=1 ;;
esac
rows=$(cat "$out"/full/*/*/results.csv | grep -c ',ok,')
[ "$rows" -gt 5 ] || { echo "full disk: only $rows rows"; bad=1; }

# interrupted: rows so far stay and the manifest says so
"$WHEELBENCH" run -q -o "$out/int" --cache hot --place host --sweep 64:512:1.05 >/dev/null 2>&1 &
pid=$!
sleep 3
kill -INT $pid
wait $pid
got=$?
[ $got -eq 130 ] || { echo "interrupted: status $got"; bad=1; }
grep -q '"gbs_end": *null' "$out"/int/*/*/manifest.json || { echo "interrupted: waits for a probe"; bad=1; }
grep -q '"state": *"interrupted"' "$out"/int/*/*/manifest.json || { echo "the manifest does not say interrupted"; bad=1; }
exit $bad
