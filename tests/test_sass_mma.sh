#!/bin/sh
# test_sass_mma: what nvcc made of the kernels on mma.sync: products on tensor cores, fed by ldmatrix
# and cp.async, and nothing spilled to local memory. A user would lose: the speed that these rungs are
# about, without a wrong result that would tell. Reads the objects of the build; needs cuobjdump.
set -u
program=${WHEELBENCH:?the built wheelbench}
PATH=$PATH:/usr/local/cuda/bin
command -v cuobjdump >/dev/null || { echo "skipped: no cuobjdump"; exit 77; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

# expect SASS "INSTRUCTION...": each is there in every function; LDL and STL in none. ~INSTRUCTION: in
# half of the functions.
expect() {
    awk -v wanted="$2" -v file="$1" '
        function judge(    i) {
            if (name == "") return
            functions++
            for (i in seen) in_functions[i]++
            for (i = 1; i <= n; i++)
                if (want[i] !~ /^~/ && !(want[i] in seen)) wrong(name ": no " want[i])
            if ("LDL" in seen || "STL" in seen) wrong(name ": registers spilled")
            split("", seen)
        }
        function wrong(text) { print file ": " text; bad = 1 }
        BEGIN { n = split(wanted, want, " ") }
        /Function : / { judge(); name = $NF }
        match($0, /[*]\/ +(@!?U?P[0-9T]+ +)?[A-Z0-9]+/) {
            op = substr($0, RSTART, RLENGTH)
            sub(/^.* /, "", op)
            seen[op] = 1
        }
        END {
            judge()
            if (!functions) wrong("no functions")
            for (i = 1; i <= n; i++)
                if (sub(/^~/, "", want[i]) && 2 * in_functions[want[i]] != functions)
                    wrong(want[i] " in " in_functions[want[i]] + 0 " of " functions " functions")
            exit bad
        }' "$1"
}

# Each way to copy is an instance: 16 bytes by cp.async, or 2 bytes, which cp.async cannot do.
while read -r kernel wanted; do
    object=$(find "$(dirname "$program")" -name "$kernel.cu.o" -path '*CMakeFiles*' | head -n 1)
    [ -n "$object" ] || { echo "skipped: this build has no $kernel.cu"; exit 77; }
    cuobjdump -sass "$object" >"$tmp/$kernel" || failed=1
    expect "$tmp/$kernel" "$wanted" && echo "$kernel: $(grep -c 'Function : ' "$tmp/$kernel") functions with $wanted" ||
        failed=1
done <<END
gemm_wmma HMMA
gemm_mma HMMA LDSM ~LDGSTS
gemm_mma_tf32 HMMA LDGSTS
gemm_mma_f64 DMMA LDGSTS
END

# The search itself: it finds a spill, and a product that is not there.
printf '\t\tFunction : k\n /*0000*/ STL [R1], R2 ;\n /*0010*/ @P0 HMMA.16816.F32 R0, R1, R2 ;\n' >"$tmp/spilled"
sed /STL/d "$tmp/spilled" >"$tmp/whole"
expect "$tmp/whole" HMMA || failed=1
expect "$tmp/spilled" HMMA >/dev/null && { echo "does not find STL"; failed=1; }
expect "$tmp/whole" DMMA >/dev/null && { echo "does not miss DMMA"; failed=1; }
expect "$tmp/whole" '~HMMA' >/dev/null && { echo "does not count"; failed=1; }
exit $failed
