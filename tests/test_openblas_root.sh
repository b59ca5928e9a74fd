#!/bin/sh
# test_openblas_root: an OpenBLAS that lies elsewhere, with a prefix and a suffix before and behind its
# names as the wheels on PyPI have them, is found, linked and called. A user would lose the comparison
# with another OpenBLAS than the distribution's, or measure that one without knowing.
set -u
command -v cmake >/dev/null || { echo "no cmake"; exit 77; }
command -v "${CC:-cc}" >/dev/null || { echo "no C compiler"; exit 77; }
root=$(pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0
wrong() { echo "$*"; failed=$((failed + 1)); }

library() {   # library PREFIX SUFFIX NAME: a made-up OpenBLAS under $tmp/blas as libNAME.so
    rm -rf "$tmp/blas" "$tmp/build"
    mkdir -p "$tmp/blas/include" "$tmp/blas/lib"
    echo '#define OPENBLAS_VERSION " OpenBLAS 9.8.7 "' >"$tmp/blas/include/openblas_config.h"
    cat >"$tmp/blas/include/cblas.h" <<EOF
void ${1}cblas_sgemm$2(int n);
char *${1}openblas_get_corename$2(void);
EOF
    cat >"$tmp/blas.c" <<EOF
#include "cblas.h"
void ${1}cblas_sgemm$2(int n) { (void)n; }
char *${1}openblas_get_corename$2(void) { return "made-up"; }
EOF
    "${CC:-cc}" -shared -fPIC -I"$tmp/blas/include" "$tmp/blas.c" -o "$tmp/blas/lib/lib$3.so" || exit 1
}
cat >"$tmp/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.25)
project(caller LANGUAGES C)
list(APPEND CMAKE_MODULE_PATH "$root/cmake")
find_package(OpenBlasLib REQUIRED)
message(NOTICE "found: \${OpenBlasLib_WHY}")
add_executable(caller caller.c)
target_link_libraries(caller PRIVATE openblas::openblas)
EOF
cat >"$tmp/caller.c" <<'EOF'
#include <cblas.h>
#include <stdio.h>
int main(void)
{
    cblas_sgemm(1);
    return puts(openblas_get_corename()) < 0;
}
EOF
calls() {   # calls WORDS: configured, built and run, it calls the made-up one, and WORDS are said
    cmake -S "$tmp" -B "$tmp/build" -DOPENBLAS_ROOT="$tmp/blas" >"$tmp/log" 2>&1 &&
        cmake --build "$tmp/build" >>"$tmp/log" 2>&1 || { cat "$tmp/log"; wrong "$1: not built"; return; }
    grep -qF -- "$1" "$tmp/log" || wrong "expected it to say: $1"
    [ "$("$tmp/build/caller")" = made-up ] || wrong "$1: another library was called"
}

library "" "" openblas
calls "found: OpenBLAS 9.8.7 $tmp/blas/lib/libopenblas.so"
library scipy_ "" scipy_openblas
calls "libscipy_openblas.so, names as in scipy_cblas_sgemm"
library scipy_ 64_ scipy_openblas64_
calls "names as in scipy_cblas_sgemm64_"

# a prefix without OpenBLAS is final: the system's is not taken instead
rm -rf "$tmp/blas" "$tmp/build"
cmake -S "$tmp" -B "$tmp/build" -DOPENBLAS_ROOT="$tmp/blas" >"$tmp/log" 2>&1 &&
    wrong "an OPENBLAS_ROOT without OpenBLAS was accepted: $(grep found: "$tmp/log")"

echo "$failed failed"
[ "$failed" = 0 ]
