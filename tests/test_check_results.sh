#!/bin/sh
# test_check_results.sh: the runs under results/ keep the rules, accepted ones do not change, and a run can be
# packed and sent. A user would lose published results that can be trusted, or the way to add theirs.
set -u
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
bad=0
fail() { echo "$*"; bad=1; }
says() { grep -q -- "$1" "$root/out" || { fail "it does not say: $1"; cat "$root/out"; }; }
# status, then the command
ends() {
    want=$1
    shift
    "$@" >"$root/out" 2>&1
    got=$?
    [ $got -eq "$want" ] || { fail "status $got, not $want: $*"; cat "$root/out"; }
}

ends 0 "$WHEELBENCH" check-results
for run in results/*/*/; do
    if [ -e "$run/SHA256SUMS" ]; then says "^$(basename "$run") .* \(un\)\{0,1\}\(checked\|verified\) "; fi
done
ends 4 "$WHEELBENCH" check-results no/such/run
says "no/such/run"
ends 4 "$WHEELBENCH" check-results results # no run, but their directory
ends 2 "$WHEELBENCH" check-results --nonsense
ends 0 "$WHEELBENCH" check-results --help
says "physical floor"

# ---- a store of its own, in a checkout of its own ----
device=nvidia-h100-80gb-hbm3
run=20261125T120303Z-3d5bb1c
dir=results/$device/$run
mkdir -p "$root/s/results/$device"
cp -r "$dir" "$root/s/results/$device/"
cp results/devices.csv results/verified.csv "$root/s/results/"
printf '# r\n<!-- wheelbench:begin -->\nold\n<!-- wheelbench:end -->\n' >"$root/s/results/README.md"
cd "$root/s" || exit 1
mv "$dir/SHA256SUMS" "$root/sums"

ends 1 "$WHEELBENCH" check-results "$dir"
says "make pack RUN=$dir"
ends 0 "$WHEELBENCH" check-results # nobody asked for it
grep -q "$run" "$root/out" && fail "a run that is neither packed nor in git is checked"
sed -i 's/"complete"/"interrupted"/' "$dir/manifest.json"
ends 1 "$WHEELBENCH" pack "$dir"
says "state is 'interrupted'"
[ -e "$dir/SHA256SUMS" ] && fail "an interrupted run is packed"
sed -i 's/"interrupted"/"complete"/' "$dir/manifest.json"
ends 2 "$WHEELBENCH" pack
ends 4 "$WHEELBENCH" pack no/such/run
cp -r "$dir" "$root/$run"
ends 4 "$WHEELBENCH" pack "$root/$run"
says "cp -r $root/$run results/$device/"
ends 0 "$WHEELBENCH" pack "$dir/" -o "$root/o"
says "git add $dir results/README.md"
says "Results of NVIDIA H100 80GB HBM3"
cmp -s "$dir/SHA256SUMS" "$root/sums" || fail "the sums are not those of the stored run"
grep -q "\[3d5bb1c\]($device/$run) | checked | 2 | 0 | 0 | 0 | 51.7 TFLOP/s, hand -" results/README.md ||
    fail "the table lacks the run"
mkdir "$root/x"
tar -xzf "$root/o/$run.tar.gz" -C "$root/x" || fail "no archive"
(cd "$root/x/$device/$run" && sha256sum -c --quiet SHA256SUMS) || fail "the archive is not the run"
tar -tvzf "$root/o/$run.tar.gz" | grep -v ' 0/0 ' && fail "the archive says who packed it"
ends 0 "$WHEELBENCH" pack "$dir" -o "$root/o" # again
ends 0 "$WHEELBENCH" check-results

# more samples than git should keep: the two rows at their medians
cp -r "$dir" "$root/kept"
rm "$dir/SHA256SUMS"
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print "row,repeat,round,pos,calls,t_us,sm_mhz,power_w,temp_c,throttle"; next }
    { for (k = 1; k <= 90000; k++) print NR - 1 ",1," k ",1,10," $at["t_med_us"] ",,,," }' "$dir/results.csv" >"$dir/samples.csv"
ends 0 "$WHEELBENCH" pack "$dir" -o "$root/o"
says "more than the 4 MiB"
rm -r "$dir"
mv "$root/kept" "$dir"

if command -v git >/dev/null; then
    export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@t \
        GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@t
    { git init -q . && git symbolic-ref HEAD refs/heads/main && git add . && git commit -qm a &&
        git switch -qc work; } || fail "no checkout"
    ends 0 "$WHEELBENCH" check-results
    says "unverified"
    says "commit 3d5bb1c is not in this repository"
    echo "a word" >"$dir/NOTES.md"
    git add . && git commit -qm notes
    ends 0 "$WHEELBENCH" check-results
    sed -i '2s/,1$/,2/' "$dir/results.csv" # the seed; and all looks well
    (cd "$dir" && sha256sum manifest.json results.csv >SHA256SUMS)
    ends 1 "$WHEELBENCH" check-results
    says "git says of it: M.*results.csv"
    git add . && git commit -qm forged
    ends 1 "$WHEELBENCH" check-results
    says "git says of it: M.*SHA256SUMS"
    git rm -rq "$dir" && git commit -qm gone
    ends 1 "$WHEELBENCH" check-results
    says "a run of the main branch is gone: $dir"
fi
exit $bad
