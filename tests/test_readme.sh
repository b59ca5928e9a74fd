#!/bin/sh
# test_readme.sh: the result block of README.md is what the stored runs of results/published give, the table of
# results/README.md what all packed ones do, and every run under results/ can be read and drawn from. A user
# would lose the numbers' way back to a measurement.
set -u
bad=0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
# shellcheck disable=SC2046  # one directory a line
"$WHEELBENCH" readme $(cat results/published) --check || { echo "make readme, then commit README.md and results/README.md"; bad=1; }
# elsewhere, without git, it is the same; and a digit that somebody changed is seen
mkdir "$out/here"
cp -r README.md results "$out/here"
(
    cd "$out/here" || exit 1
    # shellcheck disable=SC2046
    "$WHEELBENCH" readme $(cat results/published) --check || { echo "the table depends on where it is made"; exit 1; }
    sed -i 's/ | checked | 561 | / | checked | 562 | /' results/README.md
    # shellcheck disable=SC2046
    "$WHEELBENCH" readme $(cat results/published) --check 2>said
    [ $? -eq 1 ] && grep -q "results/README.md" said || { echo "a changed digit of the table is not seen"; exit 1; }
) || bad=1
for run in results/*/*/; do
    grep -q '"state": *"complete"' "$run/manifest.json" || { echo "$run is not complete"; bad=1; }
    "$WHEELBENCH" plot "$run" --format txt -o "$out" >/dev/null 2>&1
    status=$?
    if [ $status -ne 0 ] && [ $status -ne 4 ]; then # 4: no gnuplot, or nothing that a figure shows
        echo "$run: plot exits $status"
        bad=1
    fi
done
exit $bad
