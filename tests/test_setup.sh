#!/bin/sh
# test_setup: setup/deps.sh with a made-up machine on PATH: what it prints, what it runs, its
# status. A user would lose: packages installed unasked, or a wrong command to type.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0
wrong() { echo "$*"; sed 's/^/    /' "$tmp/out"; failed=$((failed + 1)); }

# A copy, since it keeps its state beside itself; a PATH that holds only what a case puts there.
mkdir -p "$tmp/tree/setup" "$tmp/tools"
cp "$root/setup/deps.sh" "$root/setup/cuda-prefix.sh" "$tmp/tree/setup/"
for tool in sh cat mkdir rm sed awk head dirname env grep ln; do
    ln -s "$(command -v "$tool")" "$tmp/tools/$tool"
done
fake() {   # fake NAME SCRIPT
    printf '#!/bin/sh\n%s\n' "$2" >"$tmp/bin/$1"
    chmod +x "$tmp/bin/$1"
}
machine() {   # machine UID TOOL...: one on which these exist; cc compiles all but openblas_config.h
    rm -rf "${tmp:?}/bin" "$tmp/tree/.deps" "$tmp/calls"
    mkdir "$tmp/bin"
    : >"$tmp/calls"
    fake id "echo $1"
    # shellcheck disable=SC2016
    fake timeout 'shift; exec "$@"'
    shift
    for name in "$@"; do
        case $name in
        cc) fake cc '! grep -q openblas' ;; # and so oneDNN's headers
        cmake) fake cmake 'echo cmake version 3.25.1' ;;
        cmake-old) fake cmake 'echo cmake version 3.22.1' ;;
        apt-get) fake apt-get "echo apt-get \"\$@\" >>$tmp/calls" ;;
        apt-get-offline) fake apt-get "echo apt-get \"\$@\" >>$tmp/calls; exit 100" ;;
        *) fake "$name" "echo $name \"\$@\" >>$tmp/calls" ;;
        esac
    done
}
deps() {   # deps STATUS ARGUMENT...: run it, expect that status
    want=$1
    shift
    env -i PATH="$tmp/bin:$tmp/tools" "$@" >"$tmp/out" 2>&1
    got=$?
    [ "$got" = "$want" ] || wrong "status $got, expected $want, of: $*"
}
says() { grep -qF -- "$1" "$tmp/out" || wrong "$what: expected it to say: $1"; }
silent() { [ ! -s "$tmp/out" ] || wrong "$what: expected silence"; }
installs() { grep -qF -- "$1" "$tmp/calls" || wrong "$what: expected it to run: $1"; }
runs_nothing() { [ ! -s "$tmp/calls" ] || wrong "$what: it ran $(cat "$tmp/calls")"; }
script=$tmp/tree/setup/deps.sh

what="root on a bare Debian"
machine 0 apt-get
deps 4 sh "$script"
says "deps: apt-get install --no-install-recommends gcc libc6-dev make cmake libopenblas-dev libdnnl-dev gnuplot-nox"
installs "update"
installs "install -y --no-install-recommends gcc libc6-dev make cmake libopenblas-dev libdnnl-dev gnuplot-nox"
says "cannot build without: gcc libc6-dev make cmake"   # the fake installs nothing

what="root, NO_INSTALL"
machine 0 apt-get
deps 4 NO_INSTALL=1 sh "$script"
says "sudo apt-get install --no-install-recommends gcc"
runs_nothing

what="root, check"
machine 0 apt-get
deps 4 sh "$script" check
runs_nothing

what="a user on a bare Debian"
machine 1000 apt-get
deps 4 sh "$script"
says "not root"
says "sudo apt-get install --no-install-recommends gcc libc6-dev make cmake"
runs_nothing

what="a user with SUDO=sudo"
machine 1000 apt-get cc make cmake gnuplot
# shellcheck disable=SC2016
fake sudo 'exec "$@"'
deps 0 SUDO=sudo sh "$script"
says "deps: sudo apt-get install --no-install-recommends libopenblas-dev"
installs "install -y --no-install-recommends libopenblas-dev"

what="only optional things miss, a user"
machine 1000 apt-get cc make cmake
deps 0 sh "$script"
says "going on without libopenblas-dev: no OpenBLAS rows"
says "going on without gnuplot-nox: no plots"
runs_nothing

what="only optional things miss, no network"
machine 0 apt-get-offline cc make cmake gnuplot
deps 0 sh "$script"
says "apt-get update failed"
says "going on without libopenblas-dev"

what="nothing misses"
machine 0 apt-get cc make cmake gnuplot g++
fake cc true
deps 0 sh "$script"
silent
runs_nothing

what="nvcc without g++"
machine 1000 apt-get cc make cmake gnuplot nvcc
deps 0 sh "$script"
says "g++: no hand kernels for the GPU"

what="an old CMake"
machine 1000 apt-get cc make cmake-old gnuplot
deps 4 sh "$script"
says "cmake version 3.22.1 is too old, 3.25 is needed"

what="dnf"
machine 0 dnf
deps 4 sh "$script"
says "sudo dnf install gcc glibc-devel make cmake openblas-devel onednn-devel gnuplot"
runs_nothing

what="pacman"
machine 0 pacman
deps 4 sh "$script"
says "sudo pacman -S --needed gcc make cmake openblas onednn gnuplot"
runs_nothing

what="no package manager"
machine 0
deps 4 sh "$script"
says "with your package manager"

what="neon, root"
machine 0 apt-get
deps 0 sh "$script" neon   # a failure costs one test
installs "install -y --no-install-recommends gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user"
says "going on without qemu-user: test_neon is skipped"

what="neon, nothing misses"
machine 0 apt-get aarch64-linux-gnu-gcc qemu-aarch64
deps 0 sh "$script" neon
silent
runs_nothing

what="neon, another system"
machine 0 dnf
deps 4 sh "$script" neon
says "put aarch64-linux-gnu-gcc"

for driver in "580.95.05 13.0 0" "575.57.08 12.9 0" "470.1 - 4"; do
    # shellcheck disable=SC2086
    set -- $driver
    what="cuda, driver $1"
    machine 1000 cc
    fake nvidia-smi "echo $1"
    deps "$3" NO_INSTALL=1 sh "$script" cuda
    if [ "$3" = 0 ]; then says "CUDA $2 for driver"; else says "too old"; fi
done

what="openblas"
machine 1000 cc
deps 0 NO_INSTALL=1 sh "$script" openblas
says "pip install --upgrade scipy-openblas32"
runs_nothing
fake python3 false
deps 4 sh "$script" openblas
says "needs python3 with venv"

what="onednn"
machine 1000 cc
deps 0 NO_INSTALL=1 sh "$script" onednn
says "pip install --upgrade onednn-devel-cpu-gomp"
runs_nothing
# shellcheck disable=SC2016  # a python3 whose venv has a pip that unpacks a wheel
fake python3 '[ "$2" = venv ] || exit 0
mkdir -p "$3/bin" "$3/include/oneapi/dnnl" "$3/lib" && : >"$3/include/oneapi/dnnl/dnnl.h"
: >"$3/lib/libdnnl.so.3"; printf "#!/bin/sh\n" >"$3/bin/pip"; chmod +x "$3/bin/pip"'
ln -sf "$(command -v chmod)" "$tmp/bin/chmod"
deps 0 sh "$script" onednn
says "ONEDNN_ROOT=$tmp/tree/.deps/onednn"
[ -e "$tmp/tree/.deps/onednn/include/oneapi/dnnl/dnnl.h" ] || wrong "$what: no header"
[ -e "$tmp/tree/.deps/onednn/lib/libdnnl.so.3" ] || wrong "$what: no library"

what="an unknown word"
machine 0
deps 2 sh "$script" everything
says "usage"

what="cuda-prefix.sh: links as people expect them"
site=$tmp/site/nvidia/cu13
mkdir -p "$site/lib" "$site/include" "$site/bin"
: >"$site/lib/libcublas.so.13"
: >"$site/include/cublas_v2.h"
deps 0 sh "$tmp/tree/setup/cuda-prefix.sh" "$tmp/prefix" "$tmp/site"
[ -e "$tmp/prefix/lib64/libcublas.so" ] || wrong "$what: no lib64/libcublas.so"
[ -e "$tmp/prefix/include/cublas_v2.h" ] || wrong "$what: no include/cublas_v2.h"
deps 1 sh "$tmp/tree/setup/cuda-prefix.sh" "$tmp/prefix2" "$tmp/tools"

echo "$failed failed"
[ "$failed" = 0 ]
