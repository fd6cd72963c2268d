# The promises of docs/trust.md, by the tests that hold them; --full runs the long forms.

# tests PATTERN SENTENCE [TARGET...]: as run_tests, with all that the promises' tests may want.
tests() {
    needs docs browser cross
    run_tests "$@"
}

# long PATTERN SCRIPT: with --full, the long form of a promise and no other, whose figures are the lines like this.
long() {
    ((full)) || return 0
    local code=0 log figures
    log=$(kept long.log)
    run "scripts/$2.sh" 2>&1 | tee "$log" || code=1
    figures=$(grep -E "$1" "$log" | tr -s ' ' | paste -sd ';' || true)
    last_line $code "$point: scripts/$2.sh: ${figures//;/; }"
}

trust_1() { tests '^(consumer|packaging)' "adoption: consumers, packages, recipes"; }

trust_2() {
    tests '^(compile_fail|complaint|static|unit\.(io|data))' "errors: one sentence for each misuse, on both compilers" \
        cart_pole evolve_genome measures test_unit_io test_unit_data
}

# Three parsers are fuzzed for 30 minutes each.
trust_3() {
    long '^(safetensors|idx|csv): ' fuzz
    tests '^(fuzz|unit\.(io|data))' "files: three fuzz targets for ten seconds each, and files of NumPy and PyTorch" \
        fuzz_targets test_unit_io test_unit_data
}

# Hundreds of interruptions and of failures of the disk.
trust_4() {
    long 'interrupted by|failures survived|resumes refused|were killed' faults
    tests '^(fault|unit\.io)' "nothing is lost" evolve_optimizer fail_at test_unit_io
}

trust_5() {
    long '^include/tdca ' coverage
    tests '^(property|bits)' "numbers: NaN contained, the same bits, properties over 8 seeds" test_property digests genomes
}

trust_6() { tests '^(mpi|scaling_model)' "many machines" evolve_mpi count_bytes; }

# With the programs that the pages name.
trust_7() {
    tests '^docs' "documentation: reference, code blocks, links, pictures" test_docs \
        cart_pole distributed evolve_genome evolve_mpi measures unseen_settings
}

trust_8() {
    long '^\| (TDCA|backprop)' small_machines
    tests '^small' "small machines: no heap, no exceptions; here and on ARM under qemu" write_arrays
}
