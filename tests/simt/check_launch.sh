#!/bin/sh
# check_launch.sh: launch.awk on the forms that it must read, and on those that it must refuse.
awk=$(dirname "$0")/launch.awk
dir=$(mktemp -d) failed=0
trap 'rm -rf "$dir"' EXIT

# LINES BEFORE, AFTER: spaces count as one, and lines as they are
rewrites() {
    printf '%s\n' "$1" >"$dir/in.cu"
    awk -f "$awk" "$dir/in.cu" | sed 1d | tr -s ' ' | sed 's/^ //; s/ $//' >"$dir/out"
    printf '%s\n' "$2" >"$dir/expected"
    cmp -s "$dir/out" "$dir/expected" && return
    echo "launch.awk: $1"
    diff "$dir/expected" "$dir/out"
    failed=1
}
refuses() { # TEXT, MESSAGE
    printf '%s\n' "$1" >"$dir/in.cu"
    if awk -f "$awk" "$dir/in.cu" >/dev/null 2>"$dir/out" ||
        ! grep -q "in.cu:1: $2" "$dir/out"; then
        echo "launch.awk on $1: expected \"$2\", got: $(cat "$dir/out")"
        failed=1
    fi
}

rewrites 'k<<<1, 32>>>(x);' \
    'simt_launch("k", nullptr, simt_config(1, 32), [=] { k(x); });'
rewrites 'if (a) k<vec<T>, 4><<<dim3(1, 2), n, 0, s>>>(f(1), 2); else g();' \
    'if (a) simt_launch("k<vec<T>, 4>", nullptr, simt_config(dim3(1, 2), n, 0, s), [=] { k<vec<T>, 4>(f(1), 2); }); else g();'
rewrites 'l->f<<<grid,
    n>>>(
    a, b); next();' 'simt_launch("l->f", nullptr, simt_config(grid, n), [=] { l->f( a, b); }); next();

'
rewrites 'cudaFuncSetAttribute(k, a, n);
k<<<1, 1>>>();' 'cudaFuncSetAttribute(k, a, n);
simt_launch("k", simt_kernel(k), simt_config(1, 1), [=] { k(); });'
rewrites 'x = 1 << 3; /* k<<<1, 2>>>
and */ y = "k << z"; // __shared__ float q;' 'x = 1 << 3;
y = "k << z";'

rewrites '__shared__ float a[2][T], b;' \
    '__shared__ float a[2][T], b; simt::shared(a); simt::shared(b);'
rewrites '{ static __shared__ __align__(16) struct pair p[3]; f(p); }' \
    '{ __shared__ __align__(16) struct pair p[3]; simt::shared(p); f(p); }'
rewrites 'extern __shared__ float part[];' 'float *part = (float *)simt::dynamic(16);'
rewrites 'extern __shared__ __align__(128) unsigned char raw[];' \
    'unsigned char *raw = (unsigned char *)simt::dynamic(128);'
rewrites 'extern __shared__ char a[]; __shared__ int b;' \
    'char *a = (char *)simt::dynamic(16); __shared__ int b; simt::shared(b);'
rewrites 'puts("a __shared__ array");' 'puts("a __shared__ array");'

rewrites '__global__ void __launch_bounds__(N, 2) k(int a)' \
    'static __global__ void __launch_bounds__(N, 2) k(int a)'
rewrites 'static __global__ void __cluster_dims__(T, 1, 1) k(int a)
{
}' 'static __global__ void k(int a)
{ simt::this_cluster(T, 1, 1);
}'
rewrites '__device__ __noinline__ int f();' '__device__ [[gnu::noinline]] int f();'

refuses 'f(__shared__ float x);' 'cannot read this __shared__ declaration'
refuses 'k<<<1, 2>>>(a' 'the launch does not end'
refuses '__shared__ float a[2]' 'the __shared__ declaration does not end'
refuses '<<<1, 2>>>(a);' "cannot read the kernel's name"
[ $failed = 0 ] && echo "launch.awk: all forms"
exit $failed
