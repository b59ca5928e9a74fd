#!/bin/sh
# test_selftest.sh: the command: every liar of the host is rejected, honest impls are not, and it says
# how many proofs hold. A user would lose the door that keeps a broken harness from measuring.
set -u
out=$(mktemp)
trap 'rm -f "$out" "$facts"' EXIT
bad=0
wrong() { echo "$*"; bad=1; }

start=$(date +%s)
facts=$(mktemp)
"$WHEELBENCH" selftest --place host --quick --facts "$facts" >"$out" 2>&1
status=$?
spent=$(($(date +%s) - start))
# Only what a loaded machine can spoil may fail here, and then it must have the last word.
failed=$(grep '^FAIL' "$out")
serious=$(echo "$failed" | grep -Ev '^FAIL +(duration|floor) |^$')
[ -z "$serious" ] || wrong "$serious"
[ -n "$failed" ] && want=4 || want=0
[ $status -eq "$want" ] || { cat "$out"; wrong "status $status, expected $want"; }
[ $spent -le 60 ] || wrong "it took $spent s"
rejected=$(grep -Ec '^ok +liar .* rejected: ' "$out")
[ "$rejected" -ge 18 ] || { cat "$out"; wrong "only $rejected liars rejected"; }
for liar in zeros nothing nan past_end input stale segfault exits; do
    grep -Eq "^ok +liar gemm_$liar +rejected: " "$out" || wrong "gemm_$liar is not rejected"
done
grep -Eq '^ok +liar gemm_sleeper +honest: ok' "$out" || wrong "the sleeper does not pass"
grep -Eq '^- +liar gemm_reads_past +not seen without a checker' "$out" || wrong "gemm_reads_past is counted"
tail -n 1 "$out" | grep -Eq '^selftest: [0-9]+ of [0-9]+ proofs hold(, [0-9]+ noisy)? in [0-9.]+ s$' || wrong "last line: $(tail -n 1 "$out")"

"$WHEELBENCH" selftest --help | grep -q noisy || wrong "--help does not say what noisy means"
"$WHEELBENCH" selftest --place gpu >/dev/null 2>&1
[ $? -eq 2 ] || wrong "--place gpu: not a usage error"

grep -Eq '^host: [0-9.]+ s: start [0-9.]+, judges' "$out" || wrong "it does not say where its time went"
grep -Eq '^aa_floor_pct_host [0-9.]+' "$facts" || wrong "no floor of A/A: $(cat "$facts")"

# what came of it goes into the manifest of a run, and stays there when the run is gone on with
dir=$(mktemp -d)
printf 'proofs_held 27\naa_floor_pct_host 0.25\n' >"$facts"
"$WHEELBENCH" run -q -o "$dir" --no-roof --rounds 3 --place host --impl gemm_cpu_naive --selftest failed --selftest-facts "$facts" -p "gemm f32 nn 16x16x16" >/dev/null 2>&1
grep -q '"selftest": *"failed"' "$dir"/*/*/manifest.json || wrong "the manifest does not say that the selftest failed"
grep -q '"aa_floor_pct": *0.25' "$dir"/*/*/manifest.json || wrong "the manifest has no floor of A/A"
sed -i 's/"state": *"complete"/"state": "running"/' "$dir"/*/*/manifest.json
echo 'aa_floor_pct_host 9' >"$facts"
"$WHEELBENCH" run -q --resume "$dir"/*/* >/dev/null 2>&1 || wrong "a run with facts cannot be gone on with"
grep -q '"aa_floor_pct": *0.25' "$dir"/*/*/manifest.json || wrong "the floor of A/A is lost or changed by --resume"
echo 'floor 9' >"$facts"
"$WHEELBENCH" run -q -o "$dir" --selftest-facts "$facts" -p "gemm f32 nn 16x16x16" >"$out" 2>&1
[ $? -eq 4 ] && grep -q "unknown key 'floor'" "$out" || wrong "--selftest-facts of a bad file: $(cat "$out")"
"$WHEELBENCH" run -q -o "$dir" --selftest perhaps -p "gemm f32 nn 16x16x16" >/dev/null 2>&1
[ $? -eq 2 ] || wrong "--selftest perhaps: not a usage error"

# nobody else measures meanwhile: it is refused and told by whom, or waits
"$WHEELBENCH" run -q -o "$dir" --no-roof --rounds 40 --repeats 2 --cache hot --place host --impl gemm_cpu_naive -p 'gemm f32 nn 64x64x64' >/dev/null 2>&1 &
pid=$!
sleep 0.5
"$WHEELBENCH" selftest --place host --quick >"$out" 2>&1
[ $? -eq 4 ] && grep -q "cpu is being measured by process $pid" "$out" || wrong "beside a run: $(tail -n 1 "$out")"
"$WHEELBENCH" selftest --wait --place host --quick >"$out" 2>&1
grep -q "waiting for process $pid" "$out" || wrong "--wait does not say for whom it waits"
tail -n 1 "$out" | grep -q '^selftest: ' || wrong "--wait: $(tail -n 1 "$out")"
wait $pid
rm -rf "$dir"
exit $bad
