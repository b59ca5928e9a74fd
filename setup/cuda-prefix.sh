#!/bin/sh
# cuda-prefix.sh DEST SITE_PACKAGES...: make a conventional CUDA prefix out of NVIDIA's pip wheels.
# Symlinks only.
#
# The wheels have lib/ but no lib64/, sonames (libcublas.so.13) but no linker names (libcublas.so),
# and in CUDA 12 one directory per component. DEST gets bin/ include/ nvvm/ lib64/ (and lib ->
# lib64) as CMake, nvcc and people expect. bin/ must be a real directory: through a symlinked bin/
# nvcc finds its own way back into the wheel.
set -eu

[ $# -ge 2 ] || { echo "usage: cuda-prefix.sh DEST SITE_PACKAGES..." >&2; exit 2; }
dest=$1
shift

link_into() {   # link_into DIR FILE...: link each file that exists
    dir=$1
    shift
    for file in "$@"; do
        [ -e "$file" ] || continue
        ln -sfn "$file" "$dir/${file##*/}"
    done
}

mkdir -p "$dest/bin" "$dest/include" "$dest/lib64" "$dest/nvvm"
[ -e "$dest/lib" ] || ln -s lib64 "$dest/lib"

found=0
for site in "$@"; do
    site=$(cd "$site" && pwd)                    # the links must hold from anywhere
    for root in "$site"/nvidia/*/; do   # CUDA 13: cu13, cudnn; CUDA 12: cublas, cuda_nvcc, ...
        root=${root%/}
        link_into "$dest/bin" "$root"/bin/*
        link_into "$dest/include" "$root"/include/*
        link_into "$dest/nvvm" "$root"/nvvm/*
        for file in "$root"/lib/*; do
            [ -f "$file" ] || continue
            found=$((found + 1))
            name=${file##*/}
            ln -sfn "$file" "$dest/lib64/$name"
            case $name in
            *.so.[0-9]*) ln -sfn "$name" "$dest/lib64/${name%%.so.*}.so" ;;
            esac
        done
    done
done
[ "$found" -gt 0 ] || { echo "cuda-prefix: no NVIDIA wheels under $*" >&2; exit 1; }

if [ -x "$dest/bin/nvcc" ]; then
    echo "cuda-prefix: $dest has nvcc: hand kernels and libraries can be built"
else
    echo "cuda-prefix: $dest has no nvcc (the CUDA 12 wheels ship none): library tier only"
fi
