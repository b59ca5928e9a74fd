#!/bin/sh
# test_resume.sh: runs that are killed, interrupted or locked out. A user would lose rows that were
# measured, have some twice, or measure beside another run without knowing.
set -u
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
bad=0
fail() { echo "$*"; bad=1; }

# key fields of all rows, in the order of the file
keys() { cut -d, -f4-12 "$1/results.csv"; }

# measure NAME: a run of 9 problems at one place, in $out/NAME
list="--rounds 2 --cache hot --place host --impl gemm_cpu_naive,gemm_cpu_reordered,gemm_cpu_blocked --seed 3"
measure() {
    # shellcheck disable=SC2086
    exec "$WHEELBENCH" run -q -o "$out/$1" $list --sweep 64:512:1.3
}

(measure whole) >/dev/null || fail "an uninterrupted run failed"
whole=$(echo "$out"/whole/*/*)
rows=$(keys "$whole" | wc -l)
[ "$rows" -gt 20 ] || fail "only $rows rows in an uninterrupted run"

# kill -9 of the parent at several moments: what is there can be read, and the run can be gone on with
for delay in 0.05 0.3 0.6 1; do
    name=kill$delay
    measure "$name" >/dev/null 2>&1 &
    pid=$!
    sleep "$delay"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    dir=$(echo "$out/$name"/*/*)
    [ -f "$dir/manifest.json" ] || continue # killed before there was a run
    sleep 0.2
    if pgrep -f "$out/$name" >/dev/null; then fail "kill -9: its child lives on"; fi
    before=$([ -f "$dir/results.csv" ] && keys "$dir" | wc -l || echo 0)
    "$WHEELBENCH" run -q --resume "$dir" >"$out/said" 2>&1
    got=$?
    case $got in
    0) ;;
    4) # killed between the manifest and the header of the table
        [ "$before" -le 1 ] || fail "after $delay s: $(cat "$out/said")"
        continue
        ;;
    *) grep -q complete "$out/said" || fail "after $delay s, with $before lines: status $got: $(cat "$out/said")"; continue ;;
    esac
    keys "$dir" >"$out/a"
    keys "$whole" >"$out/b"
    cmp -s "$out/a" "$out/b" || fail "killed after $delay s with $before lines, gone on with: other rows than at one go"
    "$WHEELBENCH" plot "$dir" >/dev/null 2>"$out/said" || { [ $? -eq 4 ] && grep -qi gnuplot "$out/said"; } || fail "its plot: $(cat "$out/said")"
done

# a row and samples that were cut, and a problem of which only some rows are there
cp -r "$whole" "$out/cut"
sed 's/"state": *"complete"/"state": "interrupted"/' "$whole/manifest.json" >"$out/cut/manifest.json"
size=$(wc -c <"$whole/results.csv")
head -c $((size - 300)) "$whole/results.csv" >"$out/cut/results.csv"
"$WHEELBENCH" run -q --resume "$out/cut" >"$out/said" 2>&1 || fail "torn row: $(cat "$out/said")"
keys "$out/cut" | cmp -s - "$out/b" || fail "torn row, gone on with: other rows than at one go"
grep -q '"resumed": *1' "$out/cut/manifest.json" || fail "the manifest does not say that the run was gone on with"
awk -F, 'NR > 1 { if (seen[$1, $2, $3]++) exit 1; n[$1]++ }
    END { for (row in n) { rows++; if (n[row] < 2) exit 1 } exit rows != '"$((rows - 1))"' }' "$out/cut/samples.csv" ||
    fail "torn row: samples lost or doubled"

# problems with a failed row, first, in the middle and last of what is there, are done again; the others stay
retry_of() { # NAME: a run that was interrupted behind three failed problems of eight
    mkdir "$out/$1"
    sed 's/"state": *"complete"/"state": "interrupted"/' "$whole/manifest.json" >"$out/$1/manifest.json"
    awk -F, -v OFS=, '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
        { problem = $at["shape"] }
        problem != last { n++; last = problem; seen = 0 }
        n == 9 { next }
        (n == 1 || n == 4 || n == 8) && ++seen == 2 {
            for (i = at["samples"]; i <= NF; i++) $i = ""
            $at["status"] = "failed"; $at["reason"] = "crash: SIGSEGV in run"; $at["flags"] = ""
        }
        { print }' "$whole/results.csv" >"$out/$1/results.csv"
    failed=$(grep -n ',failed,' "$out/$1/results.csv" | cut -d: -f1 | tr '\n' ' ')
    awk -F, -v failed="$failed" '
        BEGIN { n = split(failed, line, " "); for (i = 1; i <= n; i++) gone[line[i] - 1] }
        NR == 1 || !($1 in gone)' "$whole/samples.csv" >"$out/$1/samples.csv"
}
speeds() { awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { print $at["shape"], $at["impl"], $at["status"], $at["t_med_us"] }' "$1/results.csv" | sort; }
sound() { # every ok row has its samples, and their median is its time
    awk -F, 'FNR == 1 { for (i = 1; i <= NF; i++) at[FILENAME, $i] = i; next }
        FILENAME ~ /samples/ { t[$1, ++n[$1]] = $at[FILENAME, "t_us"]; next }
        $at[FILENAME, "status"] == "ok" {
            row = FNR - 1; own = $at[FILENAME, "samples"]
            if (n[row] < own || own != 2) { print "row " row ": " n[row] + 0 " samples"; exit 1 }
            off = ($at[FILENAME, "t_med_us"] - (t[row, 1] + t[row, 2]) / 2) / $at[FILENAME, "t_med_us"]
            if (off * off > 1e-11) { print "row " row ": not its samples"; exit 1 }
        }' "$1/samples.csv" "$1/results.csv"
}
retry_of retry
grep -c ',failed,' "$out/retry/results.csv" | grep -qx 3 || fail "made $(grep -c ',failed,' "$out/retry/results.csv") failed rows, not 3"
sound "$out/retry" || fail "the made-up run has not the samples of its rows"
cp -r "$out/retry" "$out/plain"
speeds "$out/retry" >"$out/before"
"$WHEELBENCH" run -q --resume "$out/plain" >"$out/said" 2>&1
[ $? -eq 1 ] && grep -q ',failed,' "$out/plain/results.csv" || fail "resume without --retry touched failed rows: $(cat "$out/said")"
"$WHEELBENCH" run -q --resume "$out/retry" --retry failed >"$out/said" 2>&1 || fail "--retry failed: $(cat "$out/said")"
grep -q ',failed,' "$out/retry/results.csv" && fail "--retry failed left a failed row"
keys "$out/retry" | sort >"$out/a"
keys "$whole" | sort | cmp -s - "$out/a" || fail "--retry failed: other rows than at one go"
sound "$out/retry" || fail "--retry failed: rows without their own samples"
speeds "$out/retry" >"$out/after"
for shape in $(cut -d' ' -f1 "$out/before" | sort -u); do
    grep "^$shape .* failed" "$out/before" >/dev/null && continue
    [ "$(grep "^$shape " "$out/before")" = "$(grep "^$shape " "$out/after")" ] || fail "--retry failed measured $shape again"
done
"$WHEELBENCH" plot "$out/retry" >/dev/null 2>"$out/said" || { [ $? -eq 4 ] && grep -qi gnuplot "$out/said"; } || fail "its plot: $(cat "$out/said")"

# killed meanwhile: still a run that can be read, and gone on with
for delay in 0.1 0.2 0.4; do
    retry_of "killed$delay"
    "$WHEELBENCH" run -q --resume "$out/killed$delay" --retry failed >/dev/null 2>&1 &
    pid=$!
    sleep "$delay"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    sound "$out/killed$delay" || fail "--retry failed, killed after $delay s: rows without their own samples"
    sleep 0.2
    grep -q '"complete"' "$out/killed$delay/manifest.json" && continue
    "$WHEELBENCH" run -q --resume "$out/killed$delay" --retry failed >"$out/said" 2>&1 || fail "killed retry: $(cat "$out/said")"
    keys "$out/killed$delay" | sort | cmp -s - "$out/a" || fail "--retry failed, killed after $delay s: other rows than at one go"
done
"$WHEELBENCH" run --resume "$whole" --retry failed >"$out/said" 2>&1
[ $? -eq 2 ] && grep -q 'is complete, and stays as it is.*run -p' "$out/said" || fail "retry of a complete run: $(cat "$out/said")"
"$WHEELBENCH" run --retry failed >"$out/said" 2>&1
[ $? -eq 2 ] && grep -q 'belongs to --resume' "$out/said" || fail "retry of nothing: $(cat "$out/said")"

# interrupted: says how to go on
measure int >/dev/null 2>"$out/said" &
pid=$!
sleep 0.7
kill -INT $pid
wait $pid
[ $? -eq 130 ] || fail "interrupted: not status 130"
grep -q "wheelbench run --resume $out/int" "$out/said" || fail "interrupted: does not say how to go on"

# what cannot be gone on with
"$WHEELBENCH" run --resume "$whole" >"$out/said" 2>&1
[ $? -eq 2 ] && grep -q 'is complete' "$out/said" || fail "resume of a complete run: $(cat "$out/said")"
"$WHEELBENCH" run --resume "$out" >"$out/said" 2>&1
[ $? -eq 2 ] && grep -q 'manifest.json' "$out/said" || fail "resume of no run: $(cat "$out/said")"
sed 's/"state": *"complete"/"state": "running"/; s/"sha": *"[^"]*"/"sha": "0000000"/' "$whole/manifest.json" >"$out/cut/manifest.json"
"$WHEELBENCH" run --resume "$out/cut" >"$out/said" 2>&1
[ $? -eq 2 ] && grep -q 'of commit 0000000' "$out/said" || fail "resume of another commit: $(cat "$out/said")"

# two runs on the same cores: the second is refused and told by whom, or waits
measure first >/dev/null 2>&1 &
pid=$!
sleep 0.4
"$WHEELBENCH" run -q -o "$out/second" --rounds 1 --cache hot --place host -p 'gemm f32 nn 8x8x8' >"$out/said" 2>&1
[ $? -eq 4 ] && grep -q "cpu is being measured by process $pid" "$out/said" || fail "second run: $(cat "$out/said")"
"$WHEELBENCH" run -q --wait -o "$out/third" --rounds 1 --cache hot --place host -p 'gemm f32 nn 8x8x8' >"$out/said" 2>&1 ||
    fail "a run that waits: $(cat "$out/said")"
grep -q 'waiting for process' "$out/said" || fail "a run that waits does not say so"
kill -0 $pid 2>/dev/null && fail "it did not wait"
wait $pid
exit $bad
