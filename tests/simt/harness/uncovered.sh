#!/bin/sh
# uncovered.sh: a kernel file that uses what the checker does not know is named with symbol, file and
# line; its rows say so and the other kernels run. One that does not compile at all is not skipped
# but fails, and an impl that ends its process takes no other with it. Then README's edit.
set -u
. tests/simt/harness/edit.sh
bad=0
expect() { # TEXT PATTERN
    echo "$1" | grep -qE -- "$2" && return
    echo "expected '$2' in:"
    echo "$1"
    bad=1
}
check() { # STATUS ARGUMENT...: output in $said
    want=$1
    shift
    said=$("$tree/wheelbench_on_cpu" check --on-cpu "$@" 2>&1)
    got=$?
    [ $got -eq "$want" ] && return
    echo "check $*: status $got, not $want:"
    echo "$said"
    bad=1
}
problem='gemm f32 nn 33x32x31'

change() { # SED, on gemm_naive, whose line 17 is the sum
    fresh
    sed -i "$1" "$tree/kernels/gemm/gemm_naive.cu"
    build gemm/gemm_naive
}

change 's/acc sum = 0;/acc sum = __frobnicate(1);/'
expect "$(cat "$tree/said")" '^kernels/gemm/gemm_naive.cu: not run without a GPU: uses __frobnicate \(kernels/gemm/gemm_naive.cu:[0-9]+\)$'
expect "$(cat "$tree/made/changed.o.txt")" '^gemm_naive uses __frobnicate'
check 0 -p "$problem" --impl 'gemm_naive,gemm_smem'
expect "$said" '^skipped +gemm_naive .*: not run without a GPU: uses __frobnicate'
expect "$said" '^ok +gemm_smem '

change 's/acc sum = 0;/acc sum = 0; asm volatile("bar.sync 0;");/'
expect "$(cat "$tree/said")" 'not run without a GPU: uses inline PTX \(kernels/gemm/gemm_naive.cu:[0-9]+\)$'

change 's|^#include "kernels/element.cuh"|&\n#include <cooperative_groups.h>|'
expect "$(cat "$tree/said")" 'not run without a GPU: uses cooperative_groups.h \(kernels/gemm/gemm_naive.cu'

change 's/acc sum = 0;/static_assert(sizeof(acc) == 3, "three bytes"); acc sum = 0;/'
check 1 -p "$problem" --impl 'gemm_naive,gemm_smem'
expect "$said" '^failed +gemm_naive .*does not compile: kernels/gemm/gemm_naive.cu:[0-9]+: .*three bytes'
expect "$said" '^ok +gemm_smem '

# faults end the process of one impl; the report becomes its row
change 's/acc(b\[g.trans_b/acc(b[g.ldb * (p == g.k - 1) + g.trans_b/'
check 1 -p "$problem" --impl 'gemm_naive,gemm_smem'
expect "$said" '^failed +gemm_naive .*AddressSanitizer: READ of size 4, [0-9]+ bytes behind B at kernels/gemm/gemm_naive.cu:[0-9]+'
expect "$said" '^ok +gemm_smem '

# README's edit, as printed: the sed line, the command, and the verdict that it promises
edit=$(sed -n '/^## Change a kernel without a GPU/,/^## [^C]/s/^sed -i .\(.*\). kernels.gemm.gemm_smem.cu$/\1/p' README.md)
verdict=$(sed -n '/^## Change a kernel without a GPU/,/^## [^C]/s/^\(failed .*\)$/\1/p' README.md)
args=$(sed -n "s/^make check-on-cpu RUN_ARGS='\(.*\)'.*/\1/p" README.md)
if [ -z "$edit" ] || [ -z "$verdict" ] || [ -z "$args" ]; then
    echo "README.md has no edit, command and verdict under 'Change a kernel without a GPU'"
    bad=1
else
    fresh
    sed -i "$edit" "$tree/kernels/gemm/gemm_smem.cu"
    build gemm/gemm_smem
    said=$(eval "'$tree/wheelbench_on_cpu' check --on-cpu $args" 2>&1) && bad=1
    echo "$said" | grep -qF -- "$verdict" || { echo "README promises: $verdict"; echo "$said"; bad=1; }
fi

[ $bad = 0 ] && echo "reasons and reports are as they should be"
exit $bad
