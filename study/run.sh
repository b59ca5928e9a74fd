#!/bin/sh
# run.sh: measures the agreement study on the GPU of this machine into raw files; report.sh makes the
# document from those alone. What is not there (ncu, a framework) is skipped and said so in
# OUT/facts.txt. All of it takes less than LIMIT seconds: a step is cut short rather than late.
#
#   sh study/run.sh [--with-base-clock] OUT
#
# --with-base-clock adds a pass with ncu's own default, in which ncu locks the clocks while it
# profiles; nothing else here touches a setting. B=build  LIMIT=150  JOBS=  PYTHON=python3
set -u
say() { echo "study: $*" >&2; }
stop() { say "$2"; exit "$1"; }

base_clock=no
[ "${1:-}" != --with-base-clock ] || { base_clock=yes; shift; }
[ $# = 1 ] || stop 2 "usage: sh study/run.sh [--with-base-clock] OUT"
case $1 in -*) stop 2 "unknown option $1; usage: sh study/run.sh [--with-base-clock] OUT" ;; esac
out=$1
cd "$(dirname "$0")/.." || exit 4
case $out in /*) ;; *) out=$OLDPWD/$out ;; esac
B=${B:-build}
PYTHON=${PYTHON:-python3}
unset NVIDIA_TF32_OVERRIDE CUBLAS_EMULATION_STRATEGY CUBLAS_WORKSPACE_CONFIG   # as `run` does
deadline=$(($(date +%s) + ${LIMIT:-150}))

[ -x "$B/wheelbench" ] || stop 4 "no $B/wheelbench: build it first (make build), or say where: B="
device=$("$B/wheelbench" list devices | sed -n 's/^device  *//p')
case $device in
[0-9]*) ;;
*) stop 4 "needs a GPU: ${device:-none found}" ;;
esac
[ ! -e "$out/facts.txt" ] || stop 4 "$out holds a study already; name a new directory"
mkdir -p "$out" || stop 4 "cannot make $out"
fact() { printf '%s\t%s\n' "$1" "$2" >>"$out/facts.txt"; }
skip() { say "skipped: $*"; fact skipped "$*"; }

# step SECONDS NAME COMMAND...: at most so long, and not past the deadline; stdout is the caller's.
step() {
    most=$1 what=$2 began=$(date +%s)
    shift 2
    left=$((deadline - began))
    [ "$left" -ge "$most" ] || most=$left
    [ "$most" -gt 2 ] || { skip "$what: no time is left"; return 1; }
    say "$what, at most $most s"
    timeout -k 5 "$most" "$@" 2>>"$out/log.txt"
    rc=$?
    fact took "$what: $(($(date +%s) - began)) s, status $rc"
    [ "$rc" = 0 ] || say "$what: status $rc, see $out/log.txt"
    return "$rc"
}

fact date "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
fact device "$device"
fact suite "$("$B/wheelbench" --version | head -n 1)"
cp study/kernels.txt "$out/kernels.txt"
pairs=$(sed 's/#.*//; s/ *$//; /^ *$/d' study/kernels.txt)
echo "$pairs" | sed 's/^ *[^ ]*  *//' | awk '!seen[$0]++' >"$out/problems.txt"
impls=$(echo "$pairs" | awk '!seen[$1]++ { printf "%s%s", n++ ? "," : "", $1 }')

events=$B/study/study_events
step 60 build cmake --build "$B" -j"${JOBS:-$(nproc)}" --target study_events >>"$out/log.txt" ||
    skip "study_events: not built (it needs nvcc)"

# ---- ours: as any run, but for the rounds ----
timing=
if "$B/wheelbench" run --help | grep -q -- '--timing.*isolated'; then
    timing='--timing batch,isolated'
else
    skip "isolated times: this build has none"
fi
# shellcheck disable=SC2086
step 70 "wheelbench run" "$B/wheelbench" run -q -o "$out/run" --place device --cache cold,hot \
    $timing --rounds 10 --limit 0.25 --budget 60 --impl "$impls" --problems "$out/problems.txt" \
    >"$out/run.txt"
dir=$(tail -n 1 "$out/run.txt")
if [ -s "$dir/results.csv" ]; then
    mv "$dir/results.csv" "$dir/samples.csv" "$dir/manifest.json" "$out/"
    rm -r "$out/run" "$out/run.txt"
else
    skip "wheelbench run: no rows"
fi

# ---- events and wall clock ----
step 60 study_events "$events" study/kernels.txt >"$out/events.csv" ||
    skip "study_events: not all of the list"

# ---- ncu ----
ncu=
for each in "$(command -v ncu)" /usr/local/cuda/bin/ncu /opt/nvidia/nsight-compute/*/ncu; do
    [ -n "$ncu" ] || [ ! -x "$each" ] || ncu=$each
done
# profile NAME LIST OPTION...: into ncu-NAME.txt, and the order of the calls into marks-NAME.csv
profile() {
    name=$1 list=$2
    shift 2
    step 55 "ncu $name" "$ncu" --csv --print-units base --profile-from-start off "$@" \
        "$events" --once "$out/marks-$name.csv" "$list" >"$out/ncu-$name.txt" ||
        skip "ncu $name: $(grep -m 1 '==ERROR==' "$out/ncu-$name.txt" || echo 'not all of the list')"
    sed -i 's|(/.*/|(|' "$out/ncu-$name.txt" # where the program lies is nobody's business
}
free='--clock-control none --cache-control none'
if [ -n "$ncu" ]; then
    fact ncu "$("$ncu" --version | tail -n 1)"
    # shellcheck disable=SC2086
    profile time study/kernels.txt $free --metrics gpu__time_duration.sum
else
    skip "ncu: not on PATH nor under /usr/local/cuda and /opt/nvidia"
fi

# ---- a framework's own timer ----
if "$PYTHON" -c 'import torch' 2>/dev/null; then
    step 40 framework "$PYTHON" study/framework.py "$out/framework.csv" "$out/problems.txt" \
        >"$out/framework.txt" || skip "framework: not all of the list"
    if [ -s "$out/framework.txt" ]; then fact framework "$(tail -n 1 "$out/framework.txt")"; fi
    rm -f "$out/framework.txt"
else
    skip "framework: $PYTHON has no torch"
fi

# ---- ncu's counters, last: how many passes they take is not known before ----
if [ -n "$ncu" ]; then
    # application replay: each pass is a run of its own, so cold is cold in all of them
    # shellcheck disable=SC2086
    profile counters study/kernels.txt $free --replay-mode application --metrics \
        lts__t_sector_hit_rate.pct,dram__bytes_read.sum,sm__cycles_elapsed.avg.per_second
    if [ $base_clock = yes ]; then
        echo "$pairs" | grep '^ *gemm_cublas' | head -n 3 >"$out/base.txt"
        profile base "$out/base.txt" --cache-control none --metrics gpu__time_duration.sum
    fi
fi

skip "nvbench: a library that a program is built with; it is not part of this one"
fact took "all: $(($(date +%s) - deadline + ${LIMIT:-150})) s"
say "done: $out; now sh study/report.sh $out >docs/agreement.md, on any machine"
