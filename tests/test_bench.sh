#!/bin/sh
# test_bench.sh: make bench with a made-up program: it measures nothing when the selftest fails, unless
# FORCE=1, and then the run is told. A user would lose: numbers of a harness known to be broken pass for good.
set -u
b=$(mktemp -d)
trap 'rm -rf "$b"' EXIT
bad=0
wrong() { echo "$*"; bad=1; }
cat >"$b/wheelbench" <<'END'
#!/bin/sh
echo "$*" >>"$(dirname "$0")/calls"
if [ "$1" = selftest ]; then
    [ "$(cat "$(dirname "$0")/selftest")" -lt 100 ] && echo 'proofs_held 1' >"$4"
    exit "$(cat "$(dirname "$0")/selftest")"
fi
case $1 in plot | report) echo "out/y/$1.svg" ;; *) echo results/x/y ;; esac
END
chmod +x "$b/wheelbench"

# bench SELFTEST EXPECTED [VARIABLE=...]: its exit status; what was called is in $b/calls
bench() {
    echo "$1" >"$b/selftest"
    expected=$2
    shift 2
    : >"$b/calls"
    env -u MAKEFLAGS -u FORCE make -s -o build bench B="$b" PRESET=quick "$@" >"$b/out" 2>&1
    status=$?
    [ "$expected" -eq 0 ] && [ $status -ne 0 ] && wrong "make bench $*: failed: $(cat "$b/out")"
    [ "$expected" -ne 0 ] && [ $status -eq 0 ] && wrong "make bench $*: went on"
}

bench 0 0
grep -q "^selftest --quick --facts $b/selftest.txt" "$b/calls" || wrong "no selftest"
grep -q "^run --selftest passed --selftest-facts $b/selftest.txt" "$b/calls" || wrong "the run is not told that the selftest passed"
grep -q '^report results/x/y$' "$b/calls" || wrong "no report of the run"
[ "$(tail -n 1 "$b/out")" = results/x/y ] || wrong "the last line is not the run directory"
bench 4 4
grep -q '^run' "$b/calls" && wrong "it measures although the selftest failed"
grep -q 'make bench FORCE=1 goes on' "$b/out" || wrong "it does not say how to go on"
bench 4 0 FORCE=1
grep -q "^run --selftest failed --selftest-facts $b/selftest.txt" "$b/calls" || wrong "the run is not told that the selftest failed"
bench 130 130 FORCE=1
grep -q '^run' "$b/calls" && wrong "it measures although it was interrupted"
sed -i '/proofs_held/d' "$b/wheelbench"
bench 4 0 FORCE=1 # it could not be made: what an earlier one found out is not this one's
grep -q '^run --selftest failed --preset' "$b/calls" || wrong "the run is given facts of an earlier selftest"
exit $bad
