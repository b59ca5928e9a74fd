#!/bin/sh
# test_new_kernel.sh: README's "Add a kernel" works as printed: the file and the line are taken from README.md,
# put into a copy of the tree, built and checked. A user would lose the promise that a kernel is one file
# and one line.
set -u
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
command -v cmake >/dev/null || { echo "skipped: no cmake"; exit 77; }
cp -R CMakeLists.txt CMakePresets.json cmake bench kernels reference study tests plots README.md results "$tree" || exit 1
cd "$tree" || exit 1
name=$(sed -n 's/^A kernel is one file.*`kernels\/gemm\/\(.*\)\.c`:$/\1/p' README.md)
[ -n "$name" ] || { echo "README.md names no file to add"; exit 1; }
awk '/^```c$/ { copy = 1; next } /^```$/ { copy = 0 } copy' README.md >"kernels/gemm/$name.c"
line=$(grep -o "HOST_IMPL($name)" README.md) || { echo "README.md gives no line for $name"; exit 1; }

build() {
    cmake -S . -B build -DWITH_CUDA=OFF -DWITH_CUBLAS=OFF -DWITH_CUDNN=OFF -DWITH_OPENBLAS=OFF \
        -DCMAKE_BUILD_TYPE=Debug >build.log 2>&1 &&
        cmake --build build -j2 --target "$@" >>build.log 2>&1 || { tail -n 20 build.log; exit 1; }
}

# the file alone compiles, and the registry test names it
build wheelbench test_registry
if build/tests/test_registry >registry.log; then
    echo "a file without a line in gemm.def went unnoticed"
    exit 1
fi
grep -q "$name.c is in no .def" registry.log || { cat registry.log; exit 1; }

# with the line it is listed, counted and right
echo "$line" >>bench/ops/gemm.def
build wheelbench test_registry
build/tests/test_registry || exit 1
build/wheelbench list | grep -q "$name" || { echo "not listed"; exit 1; }
build/wheelbench check --impl "$name" -p 'gemm f32 nn 33x65x17 beta=2 ldc=70' || exit 1
build/wheelbench check --impl "$name" | tail -n 1
