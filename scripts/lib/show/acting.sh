# Acting with memory and with pictures: docs/results/acting.md.

# acting_study OPTION...: the study of that name.
acting_study() {
    run_study acting "$@" --json "$output/results.json"
}

acting_a() { acting_study --points a; }

# With --full also Breakout, half a million steps a life, beside backpropagation.
acting_e() {
    local long=()
    if ((full)); then
        evolved memory
        long=(--pictures)
    fi
    acting_study --points e "${long[@]}"
}

acting_f() { acting_study --points f; }
acting_g() { acting_study --points g; }
