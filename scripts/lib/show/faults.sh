# What was found wrong, and mended by its kind: docs/faults.md. Their tests have the tag [fault] in Catch2, or the label
# fault in CTest.

source scripts/lib/show/supervised.sh

# fault_programs: the Catch2 programs that have such cases.
fault_programs() {
    grep -rlF --include='*.cpp' '[fault]' tests/{unit/*,property,reference,integration,box2d} | xargs -rn 1 dirname |
        sort -u | sed 's|^tests/|test_|; s|/|_|g'
}

# fault_cases PRESET: builds these programs, runs such cases, sets `figures`. Fails where one fails, or none is there.
fault_cases() {
    local programs program log code=0
    mapfile -t programs < <(fault_programs)
    build_with "$1" "${programs[@]}"
    log=$(kept cases.log)
    : >"$log"
    for program in "${programs[@]}"; do
        ((dry)) || echo "== $program"
        run "build/$1/tests/$program" --warn NoTests "[fault]" 2>&1 | tee -a "$log" || code=1
    done
    figures=$(sed -nE 's/^All tests passed.* in ([0-9]+) test cases?\)$/\1/p; s/^test cases: +([0-9]+) .*/\1/p' "$log" |
        awk '{ cases += $1 } END { print cases + 0 }')
    figures="$figures cases in ${#programs[@]} programs"
    ((code == 0 && ${#programs[@]} > 0))
}

faults_a() {
    local figures log code=0
    needs build
    # Programs that tests with the label run.
    build_with ci evolve_optimizer evolve_genome
    fault_cases ci || code=1
    log=$(kept tests.log)
    run ctest --preset ci -L '^fault$' 2>&1 | tee "$log" || code=1
    last_line $code "a: $figures; scripts and programs: $(grep -E '^[0-9]+% tests passed' "$log")"
}

faults_b() {
    local code=0
    needs build
    build_with ci
    run cat docs/faults.md
    run python3 tests/docs/check.py tests --build build/ci || code=1
    last_line $code "b: every test that the table names exists"
}

faults_c() {
    local figures code=0
    needs build test
    run export LSAN_OPTIONS=suppressions=cmake/lsan_suppressions.txt:print_suppressions=0
    fault_cases asan || code=1
    last_line $code "c: $figures under AddressSanitizer and UndefinedBehaviorSanitizer, with float-cast-overflow"
}

faults_d() {
    local log code=0
    log=$(kept log.txt)
    run scripts/demo.sh --check --output "$output" 2>&1 | tee "$log" || code=1
    ! grep -q '^FAILS' "$log" || code=1
    last_line $code "d: scripts/demo.sh says holds $(grep -c '^holds' "$log" || true) times, FAILS $(
        grep -c '^FAILS' "$log" || true) times"
}

faults_e() {
    local code=0
    study supervised "fashion_mnist evolved_backprop" --points a --data fashion_mnist
    run scripts/lib/readme_table.py "$output/supervised.json" --again || code=1
    last_line $code "e: the first table of the README is what a sweep of the strongest backpropagation gives"
}

faults_f() {
    local code=0
    run python3 tests/scripts/points.py || code=1
    last_line $code "f: each of ${#points[@]} points runs what belongs to it"
}
