#!/usr/bin/env bash
# tidy.sh BUILD: clang-tidy over all headers in one unit, and over each of our programs and tests,
# which instantiate them. BUILD is a build folder made with clang++.
set -euo pipefail
build=$1

# Prints what clang-tidy found in a file, without its statistics. More arguments go to clang-tidy.
tidy() {
    local found
    if ! found=$(clang-tidy --quiet "$@" 2>/dev/null); then
        echo "$found"
        return 1
    fi
}
export -f tidy

headers=$build/all_headers.cpp
find include/tdca -name '*.hpp' -not -path '*/distributed/*' -printf '#include <tdca/%P>\n' |
    sort >"$headers"
failed=0
tidy "$headers" -- -std=c++20 "-I$PWD/include" || failed=1
# Left out: what needs libtorch's headers, and programs for small machines, which are built by scripts of their own
# from arrays that these write.
find examples benchmarks tests -name '*.cpp' -not -path '*/compile_fail/*' -not -path '*/consumer/*' \
    -not -name libtorch_update.cpp -not -path '*/small/*' |
    xargs -P "$(nproc)" -I{} bash -c 'tidy -p "$0" "$1"' "$build" {} || failed=1
exit "$failed"
