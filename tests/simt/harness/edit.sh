# edit.sh: for the tests here: wheelbench_on_cpu with one kernel changed, in seconds. Expects in $1 the
# folder where CMake wrote compile.words and link.words, and the root as current folder.
words=$1
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
for part in bench reference tests; do ln -s "$PWD/$part" "$tree/$part"; done

# fresh: the kernels as they are
fresh() { rm -rf "$tree/kernels" && cp -R kernels/. "$tree/kernels"; }

# build KERNEL: $tree/wheelbench_on_cpu with kernels/$KERNEL.cu of the tree; what the build says is in
# $tree/said. Not in the tree's own folder: beside kernels/ its headers would be found as they are,
# not as launch.awk has made them.
build() {
    (
        cd "$tree" || exit 1
        IFS='
'
        sh tests/simt/harness/compile.sh "kernels/$1.cu" "$tree/made/changed.o" $(cat "$words/compile.words") \
            >said 2>&1 || exit 1
        set -f
        $(sed "s|^.*/kernels/$1\.cu\.o\$|$tree/made/changed.o|" "$words/link.words") -o wheelbench_on_cpu \
            >>said 2>&1
    ) || { cat "$tree/said"; exit 1; }
}
