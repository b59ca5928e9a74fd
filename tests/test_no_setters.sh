#!/bin/sh
# test_no_setters: nothing in the sources or in the built program could change a setting of the
# device: of NVML only questions are used, CUDA's reset not at all. A user would lose: the clocks,
# limits or mode that an administrator chose, or the work of others on the GPU.
set -u
program=${WHEELBENCH:?the built wheelbench}
failed=0
wrong() { echo "$*"; failed=$((failed + 1)); }

# What is not on the short list of NVML names, or resets. -I leaves binaries out, -a reads them.
allowed='nvml(Init(_v2)?|Shutdown|(Device|System)Get[A-Z][A-Za-z0-9]*(_v[0-9]+)?)'
names() { grep -Eoh "$1" '(nvml(Device|System|Unit|Gpu|Event|Vgpu|Init|Shutdown|Compute)[A-Za-z0-9_]*|nvml[A-Za-z0-9]*(Set|Reset|Clear)[A-Za-z0-9_]*|cu(da)?(DeviceReset|DevicePrimaryCtxReset)[A-Za-z0-9_]*)' "$2" |
    grep -Evx "$allowed" | sort -u; }
commands() { grep -EIn 'nvidia-smi.* (-(pm|pl|lgc|rgc|lmc|rmc|ac|rac|c|e|p|r|mig|cc)|--(persistence-mode|power-limit|lock|reset|applications|compute-mode|ecc-config|gpu-reset))' "$1"; }

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
find bench kernels reference cmake setup study Makefile CMakeLists.txt -type f >"$tmp/files"
while IFS= read -r file; do
    found=$(names -I "$file")$(commands "$file")
    [ -z "$found" ] || wrong "$file: $found"
done <"$tmp/files"
found=$(names -a "$program")
[ -z "$found" ] || wrong "$program: $found"
grep -aq nvmlDeviceGetClockInfo "$program" || wrong "$program: no NVML names at all: is it packed?"

# The search itself: it finds each of these, and lets questions pass.
for bad in nvmlDeviceSetGpuLockedClocks nvmlDeviceResetGpuLockedClocks nvmlDeviceSetPersistenceMode \
    nvmlDeviceClearEccErrorCounts nvmlUnitSetLedState nvmlDeviceCreateGpuInstance \
    cudaDeviceReset cuDevicePrimaryCtxReset_v2; do
    printf 'x("%s");\n' "$bad" >"$tmp/source.c"
    printf 'a\0%s\0b' "$bad" >"$tmp/program"
    [ "$(names -I "$tmp/source.c")" = "$bad" ] || wrong "does not find $bad in a source"
    [ "$(names -a "$tmp/program")" = "$bad" ] || wrong "does not find $bad in a program"
done
echo 'sudo nvidia-smi -lgc 1410' >"$tmp/script"
[ -n "$(commands "$tmp/script")" ] || wrong "does not find a clock being locked"
echo 'f("nvmlDeviceGetComputeRunningProcesses_v3", "nvmlInit_v2"); nvidia-smi -L' >"$tmp/good.c"
[ -z "$(names -I "$tmp/good.c")$(commands "$tmp/good.c")" ] || wrong "finds fault with a question"

echo "$failed failed"
[ "$failed" = 0 ]
