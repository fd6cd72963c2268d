#!/usr/bin/env bash
# Evolves a TDCA-network on Fashion-MNIST and compares it with backpropagation. Results go to
# build/demo/ unless --output says otherwise; arguments go to the program, --help lists them.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
source "$root/scripts/lib/packages.sh"

install_packages "${build_packages[@]}"
mkdir -p "$root/build/demo"
echo "Building the comparison (about a minute the first time; log in build/demo/build.log)"
if ! (cd "$root" && cmake --preset release && cmake --build --preset release --target framework) \
    >"$root/build/demo/build.log" 2>&1; then
    cat "$root/build/demo/build.log"
    exit 1
fi

output=(--output "$root/build/demo")
for argument in "$@"; do
    if [[ $argument == --output || $argument == --output=* ]]; then
        output=()
    fi
done
exec "$root/build/release/benchmarks/studies/framework" "${output[@]}" "$@"
