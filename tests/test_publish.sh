#!/bin/sh
# test_publish.sh: runs of several repeats. A user would lose the evidence of six processes to that of
# one, or a time that is the median of their medians.
set -u
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
bad=0
fail() { echo "$*"; bad=1; }

dir=$("$WHEELBENCH" run -q -o "$out" --repeats 6 --rounds 2 --place host --cache hot -p 'gemm f32 nn 64x64x64' \
    -p 'pool2d f32 nhwc max 1x8x8x8 2x2' | tail -n 1)
[ -f "$dir/samples.csv" ] || { echo "no run"; exit 1; }
restarts=$(sed -n 's/.*"worker_restarts": *\([0-9]*\).*/\1/p' "$dir/manifest.json")
[ "$restarts" -ge 11 ] || fail "two problems, six repeats: only $restarts fresh processes"
grep -q '"repeats": *6' "$dir/manifest.json" || fail "the manifest does not say six repeats"

# columns by their names, in both files
awk -F, '
    FNR == 1 { for (i = 1; i <= NF; i++) at[FILENAME, $i] = i; next }
    FILENAME ~ /results/ {
        row = FNR - 1
        if ($at[FILENAME, "reason"] ~ /^"?(not built|needs a CPU|needs nchw)/) next # not here, or for others
        if ($at[FILENAME, "status"] != "ok") { print "row " row ": " $0; bad = 1; next }
        rows++
        median[row] = $at[FILENAME, "t_med_us"]
        low[row] = $at[FILENAME, "t_ci_lo_us"]
        own[row] = $at[FILENAME, "samples"]
        next
    }
    {
        row = $at[FILENAME, "row"]
        if (seen[row]++ >= own[row]) next
        repeat = $at[FILENAME, "repeat"]
        n[row, repeat]++
        sum[row, repeat] += $at[FILENAME, "t_us"]
    }
    END {
        for (row in median) {
            for (q = 1; q <= 6; q++) {
                if (n[row, q] != 2) { print "row " row ": " n[row, q] + 0 " samples of repeat " q; bad = 1 }
                m[q] = sum[row, q] / 2 # of two, the mean is the median
                for (i = q; i > 1 && m[i] < m[i - 1]; i--) { t = m[i]; m[i] = m[i - 1]; m[i - 1] = t }
            }
            want = (m[3] + m[4]) / 2
            off = (median[row] - want) / want
            if (off * off > 1e-11) { print "row " row ": " median[row] ", of its samples " want; bad = 1 }
            off = (low[row] - m[1]) / m[1]
            if (off * off > 1e-11) { print "row " row ": low end " low[row] ", least median " m[1]; bad = 1 }
        }
        if (rows < 4) { print "only " rows + 0 " rows"; bad = 1 }
        exit bad
    }' "$dir/results.csv" "$dir/samples.csv" || bad=1

# what the program writes keeps the rules; it is not packed, and nobody knows this CPU
"$WHEELBENCH" check-results --all "$dir" >"$out/rules"
grep "ERROR [2-9]" "$out/rules" && fail "a run of the program breaks a rule"
grep -q "^$(basename "$dir") " "$out/rules" || fail "the run is not checked"

# the order of the rounds is not the same in all repeats
orders=$(awk -F, 'NR > 1 && $3 == 1 { order[$2] = order[$2] " " $1 ":" $4 }
    END { for (q in order) print order[q] }' "$dir/samples.csv" | sort -u | wc -l)
[ "$orders" -gt 1 ] || fail "all repeats have the same order"

# interrupted in a repeat: the problem has no rows, and is measured when the run goes on
"$WHEELBENCH" run -q -o "$out/int" --repeats 6 --rounds 40 --place host --cache hot -p 'gemm f32 nn 8x8x8' \
    -p 'gemm f32 nn 16x16x16' >/dev/null 2>&1 &
pid=$!
sleep 4 # in the second repeat of the first
kill -INT $pid
wait $pid
[ $? -eq 130 ] || fail "interrupted: not status 130"
dir=$(echo "$out"/int/*/*)
[ "$(wc -l <"$dir/results.csv")" -eq 1 ] || fail "a problem that was interrupted has rows"
[ "$(wc -l <"$dir/samples.csv")" -eq 1 ] || fail "a problem that was interrupted has samples"
exit $bad
