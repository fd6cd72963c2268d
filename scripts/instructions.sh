#!/usr/bin/env bash
# Counts the instructions of one update under callgrind and compares them with
# benchmarks/instructions/baseline.json: exits 1 where a network needs over 0.5 % more. --update
# rewrites the baseline. Unlike seconds, the counts are alike on a busy machine and on an idle one.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib/packages.sh
source scripts/lib/usage.sh

update=no
case "$*" in
"") ;;
--update) update=yes ;;
*) usage ;;
esac
install_packages g++ valgrind python3 libxtensor-dev libxsimd-dev librandom123-dev

# Fixed, whatever this machine has: valgrind knows no AVX-512, and other flags are other counts.
flags=(-std=c++20 -O3 -DNDEBUG -mavx2 -mfma)
networks=(784-64-10-adam 784-256-10-plain convolutional-adam gru-28-rows-adam attention-28-rows-adam)
output=build/instructions
mkdir -p "$output"
g++ "${flags[@]}" -Iinclude -Iexamples -Ibenchmarks -o "$output/one_update" \
    benchmarks/instructions/one_update.cpp

# count NETWORK UPDATES: instructions of the whole run.
count() {
    local profile=$output/callgrind.$1.$2
    if ! valgrind --tool=callgrind --callgrind-out-file="$profile" \
        "$output/one_update" "$1" "$2" >"$output/log.txt" 2>&1; then
        cat "$output/log.txt" >&2
        return 1
    fi
    sed -n 's/^summary: //p' "$profile"
}

# Ten updates apart: birth and start of the program cancel.
counts=()
for network in "${networks[@]}"; do
    few=$(count "$network" 5)
    many=$(count "$network" 15)
    counts+=("$network=$(((many - few) / 10))")
done

python3 - benchmarks/instructions/baseline.json "$update" "$(g++ --version | head -n 1)" \
    "$(valgrind --version)" "$(getconf GNU_LIBC_VERSION)" "${flags[*]}" "${counts[@]}" <<'END'
import json
import pathlib
import sys

path, update, compiler, valgrind, glibc, flags, *counts = sys.argv[1:]
path = pathlib.Path(path)
now = {"compiler": compiler, "valgrind": valgrind, "glibc": glibc, "flags": flags,
       "instructions_per_update": {name: int(count) for name, count in
                                   (pair.split("=") for pair in counts)}}
if not path.exists() and update == "no":
    sys.exit(f"{path} is missing: --update writes it")
baseline = json.loads(path.read_text(encoding="utf-8")) if path.exists() else now

for fact in ("compiler", "valgrind", "glibc", "flags"):
    if now[fact] != baseline[fact]:
        print(f"The baseline's {fact} differs, compared all the same: "
              f"{baseline[fact]} then, {now[fact]} now")

limit = 0.5
risen = []
print(f"{'instructions of one update':28}{'now':>12}{'baseline':>12}{'change':>10}")
for name, count in now["instructions_per_update"].items():
    before = baseline["instructions_per_update"].get(name)
    if before is None:
        print(f"{name:28}{count:12}{'-':>12}")
        if update == "no":
            sys.exit(f"{name} is not in the baseline: --update writes it")
        continue
    change = 100 * (count / before - 1)
    print(f"{name:28}{count:12}{before:12}{change:+8.2f} %")
    if change > limit:
        risen.append(f"{name} by {change:.2f} %")

if update == "yes":
    path.write_text(json.dumps(now, indent=2) + "\n", encoding="utf-8")
    print(f"Wrote {path}")
elif risen:
    sys.exit(f"ROSE by more than {limit:g} %: {', '.join(risen)}")
END
