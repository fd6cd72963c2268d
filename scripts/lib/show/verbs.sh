# What the points of scripts/show.sh are made of. Whatever a point does it does through `run`, so that a dry run can
# print it.

shipped=examples/genomes
genomes=${TDCA_GENOMES:-$shipped}
exec 3>&1

# has_option OPTION: says so where it changes nothing.
has_option() {
    [[ " $options " == *" $1 "* ]] || echo "$topic $point has no $1: it runs as it does without" >&2
}

# run COMMAND...: runs it. A dry run prints it instead, past any pipe or file that this stands in.
run() {
    if ((!dry)); then
        "$@"
        return
    fi
    local word line=
    for word; do
        [[ $word =~ ^[[:alnum:]_./=:,+-]+$ ]] || word=${word@Q}
        line+=" $word"
    done
    echo "${line# }" >&3
}

# kept NAME: a file of the output folder. A dry run keeps nothing.
kept() { ((dry)) && echo /dev/null || echo "$output/$1"; }

# needs KIND...: installs what is missing of these kinds of scripts/lib/packages.sh. may_use: only as root, since
# programs do without, and name what is missing.
needs() {
    local kind packages=()
    for kind; do
        local -n of_kind=${kind}_packages
        packages+=("${of_kind[@]}")
    done
    if ((dry)); then
        echo "# packages: $*" >&3
    else
        install_packages "${packages[@]}"
    fi
}
may_use() { ((EUID != 0)) || needs "$@"; }

# build_with PRESET TARGET...: the log is shown only where it fails.
build_with() {
    local preset=$1 log
    shift
    log=$(kept build.log)
    if ! { run cmake --preset "$preset" && { (($# == 0)) || run cmake --build --preset "$preset" --target "$@"; }; } \
        >"$log" 2>&1; then
        cat "$log"
        exit 2
    fi
}

# build TARGET...: programs of the release build.
build() {
    needs build
    build_with release "$@"
}

# benchmark PROGRAM ARGUMENT..., run_study PROGRAM ARGUMENT...: builds it and runs it.
benchmark() {
    build "$1"
    run "build/release/benchmarks/$1" "${@:2}"
}
run_study() {
    build "$1"
    run "build/release/benchmarks/studies/$1" "${@:2}"
}

# evolved FAMILY...: with --full, evolves these genomes again, for the programs to take in place of the shipped ones.
evolved() {
    ((full && $# > 0)) || return 0
    genomes=$output/genomes
    run scripts/evolve.sh "$genomes" "$@"
    run export "TDCA_GENOMES=$genomes"
}

# last_line CODE TEXT: the one-line figure, and the end.
last_line() {
    ((!dry)) || exit 0
    if (($1 == 0)); then echo "holds   $2"; else echo "FAILS   $2"; fi
    exit "$1"
}

# run_tests PATTERN SENTENCE [TARGET...]: builds these, and runs the tests of these names, which hold what the sentence
# says. The last line of the point.
run_tests() {
    local code=0 log skipped
    needs build data test
    build_with ci "${@:3}"
    log=$(kept tests.log)
    run ctest --preset ci -R "$1" | tee "$log" || code=1
    skipped=$(grep -cE '\*\*\*(Skipped|Not Run)' "$log" || true)
    last_line $code "$point: $2: $(grep -E '^[0-9]+% tests passed' "$log"), $skipped of them skipped"
}
