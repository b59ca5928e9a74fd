#!/bin/sh
# test_onednn_root: a oneDNN that lies elsewhere is found, linked and called, of API 2 and 3, and only
# one whose threads are OpenMP's. A user would lose the comparison with another oneDNN than the
# distribution's, or compare one thread with all cores.
set -u
command -v cmake >/dev/null || { echo "no cmake"; exit 77; }
command -v "${CC:-cc}" >/dev/null || { echo "no C compiler"; exit 77; }
root=$(pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0
wrong() { echo "$*"; failed=$((failed + 1)); }

library() {   # library MAJOR MINOR THREADS: a made-up oneDNN in $tmp/dnn
    rm -rf "$tmp/dnn" "$tmp/build"
    mkdir -p "$tmp/dnn/include/oneapi/dnnl" "$tmp/dnn/lib"
    echo 'int dnnl_made_up(void);' >"$tmp/dnn/include/oneapi/dnnl/dnnl.h"
    printf '#define DNNL_VERSION_%s %s\n' MAJOR "$1" MINOR "$2" PATCH 0 \
        >"$tmp/dnn/include/oneapi/dnnl/dnnl_version.h"
    echo "#define DNNL_CPU_THREADING_RUNTIME DNNL_RUNTIME_$3" \
        >"$tmp/dnn/include/oneapi/dnnl/dnnl_config.h"
    echo 'int dnnl_made_up(void) { return 42; }' >"$tmp/dnn.c"
    "${CC:-cc}" -shared -fPIC "$tmp/dnn.c" -o "$tmp/dnn/lib/libdnnl.so" || exit 1
}
cat >"$tmp/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.25)
project(caller LANGUAGES C)
list(APPEND CMAKE_MODULE_PATH "$root/cmake")
find_package(OneDnn)
message(NOTICE "found: \${OneDnn_FOUND} \${OneDnn_WHY}")
if(OneDnn_FOUND)
  add_executable(caller caller.c)
  target_link_libraries(caller PRIVATE onednn::onednn)
endif()
EOF
cat >"$tmp/caller.c" <<'EOF'
#include <oneapi/dnnl/dnnl.h>
int main(void) { return dnnl_made_up(); }
EOF
configure() { cmake -S "$tmp" -B "$tmp/build" -DONEDNN_ROOT="$tmp/dnn" >"$tmp/log" 2>&1; }
said() {   # said FOUND WHY
    grep -qi -- "^found: $1 " "$tmp/log" && grep -qF -- "$2" "$tmp/log" ||
        wrong "expected: $1 $2; got: $(grep found: "$tmp/log")"
}

for version in "2 6" "3 2"; do
    # shellcheck disable=SC2086  # words are meant to be split
    library $version OMP
    if ! { configure && cmake --build "$tmp/build" >>"$tmp/log" 2>&1; }; then
        cat "$tmp/log"
        wrong "$version: not built"
    fi
    said TRUE "oneDNN $(echo "$version" | tr ' ' .).0 $tmp/dnn/lib/libdnnl.so"
    "$tmp/build/caller"
    [ $? = 42 ] || wrong "$version: another library was called"
done
for threads in TBB SEQ THREADPOOL; do
    library 3 13 $threads
    configure
    said FALSE "$tmp/dnn/lib/libdnnl.so: its threads are not OpenMP's ($threads)"
done
library 4 0 OMP
configure
said FALSE "oneDNN 4.0.0 $tmp/dnn/lib/libdnnl.so: only API 2 and 3 are known here"
rm -rf "$tmp/dnn" "$tmp/build"   # final: the system's is not taken instead
configure
said FALSE "oneDNN not found"

echo "$failed failed"
[ "$failed" = 0 ]
