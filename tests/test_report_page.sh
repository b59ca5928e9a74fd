#!/bin/sh
# test_report_page.sh: `wheelbench report` from stored runs, as a reader and a browser see the page. A user would lose
# the page, or its safety: a text of somebody's run that comes alive, a request to somewhere, a table that does not sort.
set -u
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
bad=0
wrong() { echo "$*"; bad=1; }
hostile=tests/data/run-hostile-synthetic

# expect STATUS WORDS ARGUMENT...: runs wheelbench report; its output must contain WORDS
expect() {
    status=$1 words=$2
    shift 2
    text=$("$WHEELBENCH" report "$@" 2>&1)
    got=$?
    case $text in
    *"$words"*) [ "$got" -eq "$status" ] && return ;;
    esac
    wrong "wheelbench report $*: status $got, expected $status with '$words': $text"
}

expect 2 'report needs 1 to 16 run directories'
expect 2 'usage: wheelbench report' --frobnicate
expect 0 'usage: wheelbench report' --help
expect 4 'no such run directory' "$out/none"
expect 4 "type: -o $out/report.html" "$hostile" -o "$out/"
expect 4 'cannot' "$hostile" -o /proc/none/x.html
[ -z "$(ls "$out")" ] || wrong "a report that failed left files"

# Without gnuplot there is a page, which says so.
text=$(PATH=$out "$WHEELBENCH" report "$hostile" -o "$out/bare.html" 2>&1) || wrong "no gnuplot: $text"
grep -q 'There are no figures: no gnuplot found' "$out/bare.html" || wrong "no gnuplot, and the page does not say so"
grep -q '<svg ' "$out/bare.html" && wrong "a figure without gnuplot"

gpu=$(grep nvidia results/published | head -n 1)
cpu=$(grep -v nvidia results/published | head -n 1)
TMPDIR=$out/tmp
export TMPDIR
mkdir "$TMPDIR"
expect 0 "$out/gpu.html" "$gpu" -o "$out/gpu.html"
expect 0 "$out/both.html" "$gpu" "$cpu" -o "$out/both.html"
expect 0 "$out/deep/er/hostile.html" "$hostile" -o "$out/deep/er/hostile.html"
mv "$out/deep/er/hostile.html" "$out"
mkdir -p "$out/installed/bin" "$out/installed/share/wheelbench"
cp "$WHEELBENCH" "$out/installed/bin/" && cp -r plots "$out/installed/share/wheelbench/"
root=$(pwd)
text=$(cd "$out" && installed/bin/wheelbench report "$root/$gpu" 2>&1) || wrong "installed: $text"
cmp -s "$out/gpu.html" "$out/${text##* }" || wrong "what was installed writes another page"
[ -z "$(ls "$TMPDIR")" ] || wrong "it leaves files in $TMPDIR: $(ls "$TMPDIR")"
[ "$bad" -eq 0 ] || exit 1
for page in gpu both; do
    [ "$(wc -c <"$out/$page.html")" -lt 2000000 ] || wrong "$page.html has 2 MB or more"
    grep -nE 'src=|@import|url\([^#]' "$out/$page.html" && wrong "$page.html asks for another file"
done
grep -q 'What does it cost to reinvent the wheel on <em>NVIDIA H100 80GB HBM3</em>?' "$out/gpu.html" || wrong "no question"
grep -q '<strong>[0-9.]* days</strong>is what an hour of <code>gemm_cublas</code>' "$out/gpu.html" || wrong "no answer"
grep -q '≠' "$out/both.html" || wrong "the manifests of two machines do not differ"
rows=$(cat "$gpu/results.csv" "$cpu/results.csv" | grep -c '^1,')
grep -q "aria-live=\"polite\">$rows rows<" "$out/both.html" || wrong "not all $rows rows of two runs are there"

if ! command -v python3 >/dev/null; then
    echo "no python3: what the page is made of is not looked at"
    [ $bad -eq 0 ] && exit 77
    exit 1
fi
if command -v gnuplot >/dev/null; then
    for page in gpu both; do
        python3 tests/report_static.py "$out/$page.html" 'an hour of gemm_cublas' || wrong "of $page.html"
    done
    # shellcheck disable=SC2016  # nothing is to be expanded
    python3 tests/report_static.py "$out/hostile.html" '<script>window.broken=1</script>' '</td></table><b>' \
        '<img src=x onerror=window.broken=1> </pre></details>' 'gemm_&lt;i&gt;`touch x`$(touch x)' 'javascript:' \
        '<style>*{display:none}</style>' "gemm_'){/=90 x}%n%s\\1" '_HYPERLINK("http://example.org/' '-->' ||
        wrong "of hostile.html"
fi
[ ! -e x ] || wrong "a text of a run was run"
for page in gpu both hostile; do
    python3 tests/report_drive.py check "$out/$page.html" >"$out/said" 2>&1
    status=$?
    if [ $status -eq 77 ]; then
        cat "$out/said"
        [ $bad -eq 0 ] && exit 77
    fi
    [ $status -eq 0 ] || wrong "$page.html in Chromium: $(cat "$out/said")"
done
exit $bad
