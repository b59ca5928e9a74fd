#!/bin/sh
# test_columns.sh: results/README.md explains the columns that the program writes. A user would lose the
# meaning of a column that was added or changed without a word.
set -u
table=$(mktemp)
trap 'rm -f "$table"' EXIT
"$WHEELBENCH" list columns >"$table" || exit 1
while IFS= read -r line; do
    grep -qxF -- "$line" results/README.md || {
        echo "results/README.md lacks: $line"
        echo "paste the table of: wheelbench list columns"
        exit 1
    }
done <"$table"
lines=$(wc -l <"$table")
[ "$lines" -eq 48 ] || { echo "$lines lines, expected a head and 46 columns"; exit 1; }
