#!/bin/sh
# test_count_lines: the counter against counts by hand (the numbers in the fixtures' comments) and
# its refusals. A user would lose: lines that are not theirs on the axis of the ladder.
set -u
count=${COUNT_LINES:?the built count_lines}
data=$(cd "$(dirname "$0")/data/lines" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0
wrong() { echo "$*"; failed=$((failed + 1)); }

(cd "$data" && "$count" . "$tmp/table.c" kernels/op/*.c kernels/op/*.cu reference/*.c) || wrong "refused"
sed -n 's/^ *{"\(..*\)", \(.*\), \(.*\)},$/\1 \2 + \3/p' "$tmp/table.c" >"$tmp/got"
cat >"$tmp/want" <<'EOF'
kernels/op/calls.c 3 + 29
kernels/op/raw.cu 8 + 1
kernels/op/skip.c 5 + 5
kernels/op/strings.c 19 + 0
reference/library.c 1 + 7
reference/small.c 0 + 2
EOF
diff "$tmp/want" "$tmp/got" || wrong "lines marked < were expected, > counted"

refuses() {   # refuses FILE WORDS: exit status 1, FILE and the WORDS on stderr
    if (cd "$data/bad" && "$count" . "$tmp/bad.c" "kernels/$1.c") 2>"$tmp/err"; then
        wrong "$1 was accepted"
    elif ! grep -q "^kernels/$1.c:.*$2" "$tmp/err"; then
        wrong "$1: expected '$2', got: $(cat "$tmp/err")"
    fi
}
refuses no_impl "no struct impl"
refuses no_such_impl "no such impl in this directory: nobody"
refuses no_header "cannot find the header kernels/nowhere.h"
refuses wide "3: code line over 100 columns"
refuses no_end "does not end"
refuses comment "ends inside a comment"
refuses not_there "cannot read it"
(cd "$data" && "$count" . "$tmp/no/dir.c" reference/small.c 2>/dev/null) && wrong "wrote into nowhere"
"$count" 2>/dev/null
[ $? = 2 ] || wrong "no arguments: status 2 expected"

echo "$failed failed"
[ "$failed" = 0 ]
