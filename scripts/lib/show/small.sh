# Small machines: whole numbers, activity that passes, boards without a system. docs/small_machines.md.

# study_point LETTER PROGRAM ARGUMENT...: a study that says whether its point holds.
study_point() {
    local code=0 log
    needs data
    log=$(kept log.txt)
    run_study "${@:2}" "${quick[@]}" --json "$output/$2.json" --check | tee "$log" || code=1
    last_line $code "$1: $(tail -1 "$log")"
}

small_a() { study_point a integers --data digits; }
small_b() { study_point b integers --data fashion_mnist; }
small_c() { study_point c passing; }
small_d() { study_point d circuits; }

small_e() {
    needs cross bare
    run_tests '^small\.(host|arm|cortex_m0|cortex_m4f|rv32)$' "the same answers on every instruction set" write_arrays
}
