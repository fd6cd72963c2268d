# The house: rooms, contracts, times. docs/architecture.md.

source scripts/lib/show/speed.sh

# The last commit before the first move.
before_moves=4a3436b

# check_out_before FOLDER: its sources.
check_out_before() {
    [[ -e $1/CMakeLists.txt ]] || run git worktree add --force --detach "$1" $before_moves
}

# lives SOURCES NAME: what programs of these sources say of the lives of all shipped genomes, and of everything that has
# bits. Without contraction: whether g++ makes one rounding or two of a * b + c is its choice in each place and changes
# with what it inlines, so that a function that nobody touched may give other last bits beside other code. What the
# sources say is compared. Searches are left out: their design is a later one (docs/results/optimization.md).
lives() {
    local folder=$output/$2
    run cmake -S "$1" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS=-ffp-contract=off \
        -DTDCA_BUILD_EXAMPLES=OFF -DTDCA_BUILD_BENCHMARKS=OFF >"$(kept "$2.log")"
    run cmake --build "$folder" --target genomes digests >>"$(kept "$2.log")"
    run "$folder/tests/bits/genomes" "$output/shipped" >"$(kept "genomes.$2")"
    run "$folder/tests/bits/digests" 2 | sed -E '/^(evolution of searches|optimize)/d' >"$(kept "digests.$2")"
}

house_a() {
    local sources=$output/sources code=0 file
    needs build
    check_out_before "$sources"
    run mkdir -p "$output/shipped"
    # The families that there were, but for those of searches.
    run cp "$shipped"/{architectures,cart_pole,control,deep_generator,evolved,fashion,lunar,specialist,universal}*.safetensors \
        "$output/shipped/"
    lives "$sources" before
    lives . now
    for file in genomes digests; do run cmp "$output/$file.before" "$output/$file.now" || code=1; done
    last_line $code "a: $(wc -l <"$(kept genomes.now)") genomes live the lives that they lived before the first move"
}

house_b() {
    run_tests '^architecture\.(include_ranks|without|sizes)' \
        "ranks hold; control/ and optimization/ can be deleted; headers up to 300 lines, examples up to 119"
}

house_c() {
    run_tests '^(compile_fail|static|unit\.concepts)' "every concept has its archetype; what is missing is named" \
        test_static test_unit_concepts
}

house_d() {
    local clone=$output/clone start minutes=() code=0 options
    run rm -rf "$clone"
    run git clone --quiet . "$clone"
    for options in "" --all; do
        start=$SECONDS
        run "$clone/scripts/test.sh" ${options:+"$options"} >"$(kept "test$options.log")" 2>&1 || code=1
        minutes+=("$(((SECONDS - start) * 10 / 60))")
    done
    ((${minutes[0]} < 100)) || code=1
    last_line $code "d: scripts/test.sh took ${minutes[0]::-1}.${minutes[0]: -1} minutes (limit 10), --all ${minutes[1]::-1}.${minutes[1]: -1}"
}

house_e() { speed_e; }
house_f() {
    local sources=$output/sources
    needs build data
    check_out_before "$sources"
    run scripts/lib/house_speed.py "$sources" . "$output/work" --json "$output/speed.json"
}

house_g() {
    run_tests '^docs\.(programs|cmake|links)' "what the how-tos add, each one file, compiles and runs" test_docs
}
