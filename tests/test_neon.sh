#!/bin/sh
# test_neon: the host kernels and their own test, test_cpu_levels.c, built for 64-bit ARM and run by an
# emulator. A user with an ARM machine would lose right results: nobody else runs its vectors here.
set -u
cc=${AARCH64_CC:-aarch64-linux-gnu-gcc}
qemu=${AARCH64_RUN:-qemu-aarch64 -L /usr/aarch64-linux-gnu}
command -v "${cc%% *}" >/dev/null ||
    { echo "no ${cc%% *}: apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross"; exit 77; }
command -v "${qemu%% *}" >/dev/null || { echo "no ${qemu%% *}: apt-get install qemu-user"; exit 77; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
printf '#include <omp.h>\nint main(void) { return 0; }\n' >"$tmp/ask.c"
if ! { $cc -fopenmp "$tmp/ask.c" -o "$tmp/ask" && $qemu "$tmp/ask"; } 2>"$tmp/log"; then
    echo "$cc with OpenMP, or $qemu, does not work: $(head -n 1 "$tmp/log")"
    exit 77
fi

# The flags of a Release build, without its libraries.
for file in kernels/*.c kernels/*/*.c bench/ops/*.c bench/data/*.c bench/fail.c \
    bench/store/plain.c reference/oracle_*.c tests/test_cpu_levels.c; do
    echo "$file"
done | grep -v '_cuda\.c$' | xargs -P "$(nproc)" -n 1 sh -c "
    $cc -std=c11 -D_GNU_SOURCE -O3 -ffp-contract=fast -fopenmp -Wall -Wextra -Werror -Ibench -I. \
        -c \$0 -o $tmp/\$(basename \$0 .c).o" || exit 1
$cc -fopenmp "$tmp"/*.o -lm -o "$tmp/test_cpu_levels" || exit 1

OMP_WAIT_POLICY=passive $qemu "$tmp/test_cpu_levels" 5e6 neon
