#!/bin/sh
# deps.sh [install|check|neon|local|openblas|onednn|cuda]: what the build needs, what is missing, how to get it.
# POSIX sh, needs nothing itself. Silent when nothing is missing.
#
#   install   (default) as root on Debian or Ubuntu: say the command, then install what is missing;
#             otherwise say the command only. NO_INSTALL=1: say only
#   check     say only
#   neon      as install, for tests/test_neon.sh: a cross compiler for 64-bit ARM, and an emulator
#   local     no root: unpack Debian's or Ubuntu's OpenBLAS under .deps/root
#   openblas  no root: the newest OpenBLAS from PyPI, as .deps/openblas
#   onednn    no root: oneDNN 3 from PyPI, as .deps/onednn
#   cuda      no root: a CUDA toolkit from pip wheels under .deps/venv, as a prefix in .deps/cuda
#
# Honours CC, CMAKE, CUDAHOSTCXX, SUDO (put before apt-get: SUDO=sudo), PYTHON, CUDA_VERSION
# (default: what the driver runs). Never installed: a driver, NVIDIA's repository, anything under
# /usr/local. Exit status: 0 everything required is there, 4 something required is missing, 2 usage.
# Required: a C compiler with libc's headers, make, CMake 3.25. The rest is optional: without it
# rows or plots are missing.
set -u

here=$(cd "$(dirname "$0")" && pwd)
deps=$(dirname "$here")/.deps
log=$deps/deps.log
cc=${CC:-cc}
cmake=${CMAKE:-cmake}

say() { echo "deps: $*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
compiles() {   # compiles INCLUDE-LINE
    printf '%s\nint main(void) { return 0; }\n' "$1" | $cc -x c -fsyntax-only - >/dev/null 2>&1
}

cmake_is_new_enough() {
    "$cmake" --version |
        awk 'NR == 1 { split($3, v, "."); exit !(v[1] > 3 || v[1] == 3 && v[2] >= 25) }'
}

nvcc_exists() {
    have nvcc && return
    for root in "${CUDA_PATH:-}" "${CUDA_HOME:-}" "$deps/cuda" /usr/local/cuda /opt/cuda; do
        [ -x "$root/bin/nvcc" ] && return
    done
    return 1
}

# Sets required and optional to the Debian packages that are missing, notes to what else to say.
look() {
    required=''
    optional=''
    notes=''
    have "${cc%% *}" || required="$required gcc"
    compiles '#include <stdio.h>' || required="$required libc6-dev"
    have make || required="$required make"
    if ! have "$cmake"; then
        required="$required cmake"
    elif ! cmake_is_new_enough; then
        required="$required cmake"
        notes="$("$cmake" --version | head -n 1) is too old, 3.25 is needed. Without root:
    python3 -m venv .deps/cmake && .deps/cmake/bin/pip install cmake
    make CMAKE=.deps/cmake/bin/cmake"
    fi
    compiles '#include <openblas_config.h>' || [ -e "$deps/root/usr/include" ] ||
        [ -n "${OPENBLAS_ROOT:-}" ] || optional="$optional libopenblas-dev"
    compiles '#include <oneapi/dnnl/dnnl.h>' || [ -n "${ONEDNN_ROOT:-}" ] ||
        optional="$optional libdnnl-dev"
    have gnuplot || optional="$optional gnuplot-nox"
    if nvcc_exists; then
        have "${CUDAHOSTCXX:-g++}" || optional="$optional g++"
    fi
}

look_neon() {
    required=''
    optional=''
    notes=''
    have aarch64-linux-gnu-gcc ||
        optional="$optional gcc-aarch64-linux-gnu libc6-dev-arm64-cross"
    have qemu-aarch64 || optional="$optional qemu-user"
}

cost_of() {   # what the run is without when package $1 is missing
    case $1 in
    libopenblas-dev) echo "no OpenBLAS rows" ;;
    libdnnl-dev) echo "no oneDNN rows" ;;
    gnuplot-nox) echo "no plots; results are written all the same" ;;
    g++) echo "no hand kernels for the GPU: nvcc needs a C++ compiler" ;;
    *aarch64* | *arm64* | qemu-user) echo "test_neon is skipped" ;;
    esac
}

# How to install the missing packages by hand on this system.
tell() {
    packages=$(echo "$required$optional" | sed 's/libc6-dev/glibc-devel/
        s/libopenblas-dev/openblas-devel/; s/libdnnl-dev/onednn-devel/; s/gnuplot-nox/gnuplot/; s/g++/gcc-c++/')
    if have apt-get; then
        say "    sudo apt-get install --no-install-recommends$required$optional"
    elif have dnf; then
        say "    sudo dnf install$packages"
    elif have zypper; then
        say "    sudo zypper install$packages"
    elif have pacman; then
        say "    sudo pacman -S --needed$(echo "$packages" |
            sed 's/ glibc-devel//; s/-devel//g; s/ gcc-c++//')"
    else
        say "    with your package manager:$packages"
    fi
}

apt_get() {   # apt_get SECONDS ARGUMENT...: 0 seconds is no limit
    seconds=$1
    shift
    # shellcheck disable=SC2086  # SUDO may hold words
    ${SUDO:-} env DEBIAN_FRONTEND=noninteractive timeout "$seconds" apt-get -qq \
        -o Acquire::Retries=0 -o Acquire::http::Timeout=20 -o APT::Update::Error-Mode=any \
        -o DPkg::Lock::Timeout=60 "$@" >>"$log" 2>&1
}

# One update, then everything at once; if that fails, one by one, so that a package that cannot be
# had does not cost the others.
apt_install() {
    mkdir -p "$deps"
    if ! apt_get 90 update; then
        say "apt-get update failed (no network? see $log)"
        [ -n "$required" ] || return
    fi
    # shellcheck disable=SC2086  # words are meant to be split
    apt_get 0 install -y --no-install-recommends $required $optional && return
    for package in $required $optional; do
        apt_get 0 install -y --no-install-recommends "$package" ||
            say "could not install $package (see $log)"
    done
}

install() {   # install [LOOK]: what LOOK finds missing
    look=${1:-look}
    $look
    [ -n "$required$optional" ] || return 0
    if [ -n "${NO_INSTALL:-}" ]; then
        say "missing; to install:"
        tell
    elif ! have apt-get; then
        say "missing, and this is not Debian or Ubuntu; to install:"
        tell
    elif [ "$(id -u)" != 0 ] && [ -z "${SUDO:-}" ]; then
        say "missing, and this is not root; to install (or type: make deps SUDO=sudo):"
        tell
    else
        say "${SUDO:-}${SUDO:+ }apt-get install --no-install-recommends$required$optional"
        apt_install
        $look
    fi
    [ -z "$notes" ] || say "$notes"
    [ -z "$required" ] || { say "cannot build without:$required"; return 4; }
    for package in $optional; do
        say "going on without $package: $(cost_of "$package")"
    done
}

neon() {
    if ! have apt-get; then
        say "neon needs Debian's or Ubuntu's apt-get; else put aarch64-linux-gnu-gcc, with its libc and"
        say "libgomp, and qemu-aarch64 on PATH; test_neon says what it misses"
        return 4
    fi
    install look_neon
}

local_openblas() {
    if ! have apt-get || ! have dpkg; then
        say "local needs Debian's or Ubuntu's apt-get and dpkg"
        return 4
    fi
    mkdir -p "$deps/deb" "$deps/root" || return 4
    (
        cd "$deps/deb" && apt-get -qq download libopenblas0-pthread libopenblas-pthread-dev \
            libgfortran5 libquadmath0 && for deb in *.deb; do dpkg -x "$deb" ../root || exit 1; done
    ) >>"$log" 2>&1 || { say "could not download OpenBLAS (see $log)"; return 4; }
    say "OpenBLAS is in $deps/root; configure finds it there"
}

needs_venv() {   # python3 that can make .deps/venv, and the venv
    if ! "${PYTHON:-python3}" -c 'import venv, ensurepip' 2>/dev/null; then
        say "needs python3 with venv (Debian and Ubuntu: apt-get install python3-venv)"
        return 4
    fi
    "${PYTHON:-python3}" -m venv "$deps/venv"
}

newest_openblas() {
    say "the newest OpenBLAS, a wheel of about 30 MB, under $deps; to remove it: rm -r .deps"
    say "    pip install --upgrade scipy-openblas32"
    [ -z "${NO_INSTALL:-}" ] || return 0
    needs_venv || return 4
    if ! "$deps/venv/bin/pip" install --quiet --upgrade scipy-openblas32; then
        say "pip failed"
        return 4
    fi
    for package in "$deps"/venv/lib/python3*/site-packages/scipy_openblas32; do
        [ -e "$package/include/cblas.h" ] || { say "no cblas.h in $package"; return 4; }
        ln -sfn "$package" "$deps/openblas"
    done
    say "to measure against it: make bench OPENBLAS_ROOT=$deps/openblas"
}

# The wheels called onednn, which are newer, run on SYCL: their threads cannot be counted.
newest_onednn() {
    say "the newest oneDNN on PyPI that takes its threads from OpenMP, a wheel of about 40 MB, under"
    say "$deps; to remove it: rm -r .deps"
    say "    pip install --upgrade onednn-devel-cpu-gomp"
    [ -z "${NO_INSTALL:-}" ] || return 0
    needs_venv || return 4
    if ! "$deps/venv/bin/pip" install --quiet --upgrade onednn-devel-cpu-gomp; then
        say "pip failed"
        return 4
    fi
    [ -e "$deps/venv/include/oneapi/dnnl/dnnl.h" ] ||
        { say "no dnnl.h in $deps/venv/include"; return 4; }
    rm -rf "$deps/onednn"
    mkdir -p "$deps/onednn/include" "$deps/onednn/lib"
    ln -s "$deps/venv/include/oneapi" "$deps/onednn/include/"
    ln -s "$deps"/venv/lib/libdnnl.so* "$deps/onednn/lib/"
    say "to measure against it: make bench ONEDNN_ROOT=$deps/onednn"
}

driver_major() {   # 580; nothing without a driver
    if have nvidia-smi; then
        nvidia-smi --query-gpu=driver_version --format=csv,noheader 2>/dev/null |
            sed -n '1s/^\([0-9][0-9]*\)\..*/\1/p'
    elif [ -r /proc/driver/nvidia/version ]; then
        sed -n 's/^NVRM version:.* \([0-9][0-9]*\)\.[0-9][0-9.]* .*/\1/p' \
            /proc/driver/nvidia/version
    fi
}

cuda() {
    driver=$(driver_major)
    if [ -n "${CUDA_VERSION:-}" ]; then
        version=$CUDA_VERSION
    elif [ -z "$driver" ] || [ "$driver" -ge 580 ]; then
        version=13.0
    elif [ "$driver" -ge 525 ]; then
        version=12.9
        say "driver $driver runs CUDA 12, CUDA 13 needs 580. The CUDA 12 wheels hold no nvcc, so this"
        say "gives the library tier only; for hand kernels update the driver, or install nvcc 12.9 from"
        say "NVIDIA's apt repository or conda-forge (cuda-nvcc)"
    else
        say "driver $driver is too old: CUDA 13 needs 580, CUDA 12 needs 525"
        return 4
    fi
    # The metapackage pins one release of everything; the nvcc wheel by itself leaves NVVM unpinned.
    case $version in
    12.*) set -- "cuda-toolkit[cudart,cublas,cccl,nvcc,nvrtc]==$version.*" "nvidia-cudnn-cu12==9.*" ;;
    *) set -- "cuda-toolkit[cudart,cublas,cccl,crt,nvcc,nvrtc]==$version.*" \
        "nvidia-nvvm==$version.*" "nvidia-cudnn-cu13==9.*" ;;
    esac
    say "CUDA $version for driver ${driver:-(none)}: about 1.6 GB under $deps, NVIDIA's licence;"
    say "to remove it: rm -r .deps"
    say "    pip install $*"
    [ -z "${NO_INSTALL:-}" ] || return 0
    needs_venv || return 4
    if ! "$deps/venv/bin/pip" install --quiet "$@"; then
        say "pip failed"
        return 4
    fi
    rm -rf "$deps/cuda"
    sh "$here/cuda-prefix.sh" "$deps/cuda" "$deps"/venv/lib/python3*/site-packages
}

case ${1:-install} in
install) install ;;
check) NO_INSTALL=1 && install ;;
neon) neon ;;
local) local_openblas ;;
openblas) newest_openblas ;;
onednn) newest_onednn ;;
cuda) cuda ;;
*)
    echo "usage: deps.sh [install|check|neon|local|openblas|onednn|cuda]" >&2
    exit 2
    ;;
esac
