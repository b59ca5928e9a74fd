#!/bin/sh
# test_link: the built program starts by itself wherever the loader knows nothing of CUDA, and loads
# one of each library. A user would lose: a program that does not start, or measures another
# library.
set -u
program=${WHEELBENCH:?the built wheelbench}
command -v readelf >/dev/null || { echo "no readelf"; exit 77; }
failed=0
wrong() { echo "$*"; failed=$((failed + 1)); }

dynamic=$(readelf -d "$program")
needed=$(echo "$dynamic" | sed -n 's/.*(NEEDED).*\[\(.*\)\]$/\1/p')
paths=$(echo "$dynamic" | sed -n 's/.*(R\(UN\)*PATH).*\[\(.*\)\]$/\2/p')

# An empty entry is the current directory: whoever owns that would choose our libraries.
case ":$paths:" in
::) ;;
*::*) wrong "empty entry in '$paths'" ;;
*:/usr/lib*:* | *:/lib*:* | *[:]./*) wrong "system or relative entry in '$paths'" ;;
esac
count() { echo "$needed" | grep -c "^$1"; }
[ "$(count libcuda.so)" = 0 ] || wrong "needs the driver: without a GPU it would not start"
[ "$(count libcudart.so)" -le 1 ] || wrong "more than one CUDA runtime: $needed"
[ "$(count libnvidia-ml)" = 0 ] || wrong "needs NVML: without a GPU it would not start"
if [ "$(count libcudnn)" = 1 ] && [ "$(count libnvrtc)" = 0 ]; then
    wrong "cuDNN without NVRTC, so without its run-time engines"
fi

# From another directory, with an empty environment.
version=$(cd / && env -i "$program" --version) || wrong "does not start: status $?"
case $version in
wheelbench*) ;;
*) wrong "--version says: $version" ;;
esac

echo "$failed failed"
[ "$failed" = 0 ]
