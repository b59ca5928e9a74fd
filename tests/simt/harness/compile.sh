#!/bin/sh
# compile.sh FILE.cu OBJECT COMPILER...: one kernel file, rewritten by launch.awk, compiled for the CPU.
# A file that uses what tests/simt does not cover must not stop the others: it is said on stderr, and
# an object takes its place in which the impl gives the reason. OBJECT.txt gets the line for
# wheelbench_on_cpu.txt: "NAME yes" or "NAME uses ...". OBJECT.d: the headers, for the build.
# Files that are no impl (the judges, the harness's own kernels) must compile. Runs in the root.
set -u
file=$1 object=$2
shift 2
name=$(basename "$file" .cu)
mkdir -p "$(dirname "$object")"

{
    awk -f "${SIMT:-tests/simt}/launch.awk" "$file" >"$object.cpp" &&
        "$@" -iquote "$PWD/$(dirname "$file")" -x c++ -MD -MF "$object.d" -MT "$object" \
            -c "$object.cpp" -o "$object"
} >"$object.log" 2>&1
status=$?

# A header of a CUDA toolkit that lies where the compiler looks by itself is not covered either.
toolkit=
if [ -e "$object.d" ]; then
    toolkit=$(sed 's/\\$//; s/^[^ ]*://' "$object.d" | tr ' ' '\n' | while read -r path; do
        case $path in
        /*/*.h*) [ -e "${path%/*}/cuda_runtime_api.h" ] && echo "$path" && break ;;
        esac
    done)
fi
if [ $status -eq 0 ] && [ -z "$toolkit" ]; then
    echo "$name yes" >"$object.txt"
    exit 0
fi
case $file in
kernels/*) ;;
*) cat "$object.log"; exit 1 ;;
esac

# What is not there is not covered; any other error is the kernel's own, and its row fails.
# Where an error stands comes first, "FILE:LINE:"; gcc and clang word it differently.
uncovered=$(sed -nE "
    s/^([^: ]+:[0-9]+):.*error: (use of undeclared identifier|no member named|no template named|unknown type name|use of undeclared template name) ['‘]([^'’]+)['’].*/\1 \3/p
    s/^([^: ]+:[0-9]+):.*error: ['‘]([^'’]+)['’] (was not declared|has not been declared|does not name a|is not a member of|is not a class template|is not a type).*/\1 \2/p
    s/^([^: ]+:[0-9]+):.*error: there are no arguments to ['‘]([^'’]+)['’] that depend.*/\1 \2/p
    s/^([^: ]+:[0-9]+):.*(fatal error: ['‘]?|error: )([^ :'’]+)['’]?(: No such file| file not found).*/\1 \3/p
    s/^([^: ]+:[0-9]+):.*error: (impossible constraint|inconsistent operand|invalid (output|input) constraint|unknown register name|invalid .asm.|couldn't allocate|invalid instruction mnemonic|unexpected token in|unknown token in).*/\1 inline PTX/p
    s/^([^: ]+:[0-9]+): .*(Error: |error: )(no such instruction|invalid instruction mnemonic|unknown token in expression|unexpected token|bad register name|operand).*/\1 inline PTX/p
    s/^([^: ]+:[0-9]+): (cannot read|the .*does not end|.* does not end|no body).*/\1 a line that launch.awk cannot read/p
    " "$object.log" | head -n 1)
[ -n "$toolkit" ] && uncovered="$file $(basename "$toolkit")"
if [ -n "$uncovered" ]; then
    where=${uncovered%% *}
    reason="uses ${uncovered#* } ($where)"
    text="not run without a GPU: $reason"
    echo "$name $reason" >"$object.txt"
else
    reason=$({ grep -E '[Ee]rror: ' "$object.log" || cat "$object.log"; } | head -n 1 | sed -E 's/^([^: ]+:[0-9]+):[0-9]+: /\1: /')
    text="does not compile: $reason"
    echo "$name does not compile: $reason" >"$object.txt"
fi
echo "$file: $text" >&2

tier=$(sed -nE "s/^NVCC_IMPL\($name, *([A-Z]+)\).*/\1/p" bench/ops/*.def)
quoted=$(printf '%s' "$text" | sed 's/["\\]/\\&/g')
{
    echo '#include "wheelbench.h"'
    echo "static const char reason[] = \"$quoted\";"
    if [ -n "$uncovered" ]; then
        echo 'static const char *why_not(const problem *, const device *) { return reason; }'
        echo 'static const char *prepare(plan *) { return nullptr; }'
    else # a row that fails: a kernel under work that does not compile is not right
        echo 'static const char *why_not(const problem *, const device *) { return nullptr; }'
        echo 'static const char *prepare(plan *) { return reason; }'
    fi
    echo 'static const char *run(const plan *, const operands *, CUstream_st *) { return reason; }'
    echo "extern \"C\" const impl $name = {\"$name\", reason, \"$file\", ${tier:-TUNED}, DEVICE, why_not,"
    echo '    prepare, run, nullptr};'
} >"$object.cpp"
echo "$object:" >"$object.d"
"$@" -x c++ -c "$object.cpp" -o "$object"
