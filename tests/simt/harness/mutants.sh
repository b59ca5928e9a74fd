#!/bin/sh
# mutants.sh: eleven kernels, each with one line wrong as people get lines wrong: an index, a bound, a
# barrier, a stride. `check --on-cpu` must call at least ten of them wrong, or failed, in its default
# order. A user would lose the reason to trust "agree".
set -u
. tests/simt/harness/edit.sh
caught=0 all=0

# mutant KERNEL WHAT SED: the line that SED changes must be there
mutant() {
    fresh
    sed -i "$3" "$tree/kernels/$1.cu"
    if cmp -s "kernels/$1.cu" "$tree/kernels/$1.cu"; then
        echo "STALE   $1: nothing to change for: $2"
        all=$((all + 100))
        return
    fi
    all=$((all + 1))
    build "$1"
    impl=${1#*/}
    said=$("$tree/wheelbench_on_cpu" check --on-cpu -q --op "${1%/*}" --impl "$impl" --problems on_cpu@orders)
    if [ $? -eq 1 ]; then
        caught=$((caught + 1))
        echo "caught  $impl: $2: $(echo "$said" | head -n 1 | cut -c 35-150)"
    else
        echo "MISSED  $impl: $2: $(echo "$said" | tail -n 1)"
    fi
}

mutant gemm/gemm_naive 'a bound is one too far' 's/if (i >= g.m || j >= g.n) return;/if (i > g.m || j >= g.n) return;/'
mutant gemm/gemm_coalesced 'C is read although beta is 0' 's/g.beta == 0 ? acc(0) : acc(g.beta)/acc(g.beta)/'
mutant gemm/gemm_smem 'no barrier before the tile is read' '0,/__syncthreads();/s/__syncthreads();/;/'
mutant gemm/gemm_smem 'no barrier before the tile is overwritten' 's|__syncthreads(); /\* the next.*||'
mutant gemm/gemm_regtile 'a stride forgets the layout' 's/b += BK \* b_k;/b += BK * g.ldb;/'
mutant gemm/gemm_mma 'a stage is read before it is there' 's/cp_async_wait<STAGES - 2>/cp_async_wait<STAGES - 1>/'
mutant gemm/gemm_wgmma 'a stage is given back while wgmma reads it' 's/wgmma_wait<1>(); .*/wgmma_wait<2>();/'
mutant gemm/gemm_ffma 'a piece of a tile is not added' 's/if (w.kb1 < g.s.blocks) stream_k_add/if (false) stream_k_add/'
mutant conv2d/conv2d_naive 'padding only above' 's/row < 0 || row >= g.h/row < 0 || row > g.h/'
mutant pool2d/pool2d_naive 'the divisor counts the padding' 's/acc(h1 - h0) \* acc(w1 - w0)/acc(g.r) * acc(w1 - w0)/'
mutant pool2d/pool2d_global 'sums are read before they are there' 's/part\[threadIdx.y\]\[k\]\[threadIdx.x\] = mine.value(k);/&\n    if (false)/'

echo "$caught of $all wrong kernels caught"
[ "$all" -lt 100 ] && [ "$caught" -ge 10 ]
