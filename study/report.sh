#!/bin/sh
# report.sh: the document of an agreement study from its raw files alone; needs awk and no GPU.
#
#   sh study/report.sh RAWDIR >docs/agreement.md
set -u
here=$(cd "$(dirname "$0")" && pwd)
[ $# = 1 ] || { echo "usage: sh study/report.sh RAWDIR" >&2; exit 2; }
cd "$1" || exit 4
for file in facts.txt kernels.txt results.csv manifest.json events.csv; do
    [ -s "$file" ] || { echo "report.sh: no $file in $1: is it what run.sh wrote?" >&2; exit 4; }
done

# awk takes kind=... between the files as settings; run= tells the passes of ncu apart
set -- kind=facts facts.txt kind=kernels kernels.txt kind=results results.csv \
    kind=manifest manifest.json kind=events events.csv
[ ! -s framework.csv ] || set -- "$@" framework.csv
for run in time counters base; do
    if [ -s "marks-$run.csv" ] && [ -s "ncu-$run.txt" ]; then
        set -- "$@" "run=$run" kind=marks "marks-$run.csv" kind=ncu "ncu-$run.txt"
    fi
done
exec awk -f "$here/read.awk" -f "$here/explain.awk" \
    -f "$here/differences.awk" -f "$here/table.awk" "$@"
