#!/usr/bin/env bash
# fuzz.sh [TARGET...] [--minutes N] [--inputs N] [--merge]: fuzzes the parsers (safetensors, idx, csv; all where none
# is named) under the address and undefined-behaviour sanitizers, one after another, each for N inputs (40 million) or
# N minutes (30, at least 1), whichever comes first. Starts from tests/fuzz/corpus/ and from what earlier runs left in
# build/fuzz/. Prints a line a target; exits 1 where one crashed, hung or took too much memory, and says where the
# input lies. --merge then makes the committed corpus the fewest inputs that reach the same edges of the code.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
source "$root/scripts/lib/packages.sh"
source "$root/scripts/lib/usage.sh"

targets=()
minutes=30
inputs=40000000
merge=false
while (($#)); do
    case $1 in
    --minutes) minutes=${2-} && shift $(($# > 1)) ;;
    --inputs) inputs=${2-} && shift $(($# > 1)) ;;
    --merge) merge=true ;;
    safetensors | idx | csv) targets+=("$1") ;;
    *) usage ;;
    esac
    shift
done
[[ $minutes =~ ^[1-9][0-9]{0,5}$ && $inputs =~ ^[1-9][0-9]{0,14}$ ]] || usage
((${#targets[@]})) || targets=(safetensors idx csv)

folder=$root/build/fuzz
mkdir -p "$folder"
install_packages "${build_packages[@]}" clang libclang-rt-14-dev
(cd "$root" && cmake --preset ci && cmake --build --preset ci --target fuzz_targets) >"$folder/build.log" 2>&1 ||
    { cat "$folder/build.log" && exit 2; }

# Real seconds for an input (of the processor's it may take 5), MiB for the program and for one block, bytes of an
# input; -entropic=0 is for speed.
options=(-timeout=60 -report_slow_units=60 -rss_limit_mb=1024 -malloc_limit_mb=64 -max_len=1024 -entropic=0 -print_final_stats=1)
failed=0
for target in "${targets[@]}"; do
    program=$root/build/ci/tests/fuzz/$target
    committed=$root/tests/fuzz/corpus/$target
    corpus=$folder/$target
    log=$folder/$target.log
    mkdir -p "$corpus" "$committed"
    status=0
    started=$SECONDS
    "$program" "${options[@]}" -max_total_time=$((minutes * 60)) -runs="$inputs" \
        -artifact_prefix="$folder/$target-" "$corpus" "$committed" >"$log" 2>&1 || status=$?
    seconds=$((SECONDS - started))
    statistic() { sed -n "s/^stat::$1: *//p" "$log"; }
    done_inputs=$(statistic number_of_executed_units)
    features=$(sed -n 's/^#[0-9]*\t.* ft: \([0-9]*\) .*/\1/p' "$log" | tail -1)
    printf '%s: %s inputs in %d seconds, %d a second, %s MiB at most, %s features of coverage, ' "$target" \
        "${done_inputs:-0}" "$seconds" $((${done_inputs:-0} / (seconds > 0 ? seconds : 1))) \
        "$(statistic peak_rss_mb)" "${features:-0}"
    if ((status == 0)); then
        echo "no finding"
    else
        failed=1
        echo "a finding: $(sed -n 's/.*Test unit written to //p' "$log" | tail -1), $log"
        continue
    fi
    if $merge; then
        smallest=$(mktemp -d)
        "$program" "${options[@]}" -set_cover_merge=1 -use_counters=0 -use_cmp=0 "$smallest" "$committed" "$corpus" >>"$log" 2>&1
        rm -rf "$committed"
        mv "$smallest" "$committed"
        chmod 755 "$committed"
    fi
done
exit "$failed"
