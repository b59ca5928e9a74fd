#!/bin/sh
# check_faults.sh PROGRAM...: what the programs of planted.h must show. Each must be right in every
# setting, that is order of the threads and timing of asynchronous work; each fault that
# `PROGRAM list` names must be caught: the first setting that ends with another status than 0 must
# show the report that the table wants. One line a case.
settings="forward,late,1 reverse,late,1 forward,early,1 reverse,early,1
    random,random,1 random,random,2 random,random,3 random,random,4"
export UBSAN_OPTIONS=halt_on_error=1 SIMT_PATIENCE=1
out=$(mktemp) faults=$(mktemp)
trap 'rm -f "$out" "$faults"' EXIT
right=0 caught=0 failed=0

run() { # SETTING COMMAND...: output to $out
    SIMT_ORDER=${1%%,*} SIMT_SEED=${1##*,}
    SIMT_ASYNC=${1#*,} SIMT_ASYNC=${SIMT_ASYNC%,*}
    export SIMT_ORDER SIMT_ASYNC SIMT_SEED
    shift
    timeout 60 "$@" >"$out" 2>&1
}

for program; do
    name=$(basename "$program") bad=
    for s in $settings; do
        if ! run "$s" "$program"; then
            bad="$bad $s"
            grep -v "ASan doesn't fully support" "$out" | head -n 20
        fi
    done
    if [ "$bad" ]; then
        echo "WRONG   $name in$bad"
        failed=$((failed + 1))
    else
        echo "right   $name in $(echo $settings | wc -w) settings"
        right=$((right + 1))
    fi

    "$program" list >"$faults"
    while IFS=';' read -r fault report text; do
        by=
        for s in $settings; do
            run "$s" "$program" "$fault" && continue
            grep -qE "$report" "$out" && by=$s
            break
        done
        if [ "$by" ]; then
            shown=$(grep -E "$report" "$out" | head -n 1 | sed 's/^==[0-9]*==//; s/^ *//')
            printf 'caught  %-55s %-15s %.110s\n' "$text" "$by" "$shown"
            caught=$((caught + 1))
        else
            echo "MISSED  $text (expected: $report)"
            head -n 5 "$out"
            failed=$((failed + 1))
        fi
    done <"$faults"
done
echo "$right programs right, $caught faults caught, $failed wrong or missed"
[ $failed = 0 ]
