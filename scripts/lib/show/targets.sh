# Targets of every kind: numbers, several labels, tables, one target a step. docs/results/targets.md.

source scripts/lib/data.sh

# tables PROGRAM ARGUMENT...: a study on the suite's tables.
tables() {
    needs data table
    run scripts/data.sh mnist tables
    run_study "$@"
}

targets_b() {
    local code=0 log
    log=$(kept log.txt)
    tables targets "${quick[@]}" --json "$output/held_out.json" | tee "$log" || code=1
    run scripts/lib/targets_point.py "$output/held_out.json" || code=1
    last_line $code "b: $(tail -1 "$log")"
}

targets_c() {
    local code=0 log
    needs data table
    run scripts/data.sh tables
    build train_table
    log=$(kept log.txt)
    run /usr/bin/python3 scripts/lib/tables_beside_sklearn.py build/release/examples/train_table \
        benchmarks/support/table_suite.hpp "$tables_folder" "$output/work" \
        --json "$output/sklearn.json" | tee "$log" || code=1
    last_line $code "c: $(grep "perceptron+ on" "$log" | tail -1)"
}

targets_d() {
    local code=0 log
    needs data
    log=$(kept log.txt)
    run_study text_every_step "${quick[@]}" --json "$output/text.json" | tee "$log" || code=1
    run scripts/lib/targets_point.py --text "$output/text.json" | tee -a "$log" || code=1
    last_line $code "d: $(grep "beside backpropagation" "$log" | tail -1)"
}

targets_e() {
    run_tests '^(unit\.(tables|data|signal|analysis)|programs\.table)' \
        "what is missing, unseen, constant, huge or broken has a right answer or one sentence" \
        test_unit_tables test_unit_data test_unit_signal test_unit_analysis train_table
}

# one_table NAME ARGUMENT...: trains on a table as a new user would, asks the model, and looks at what came.
one_table() {
    local name=$1
    shift
    run build/release/examples/train_table "$tables_folder/$name.csv" --model "$output/$name.safetensors" "$@" &&
        run build/release/examples/train_table --predict "$tables_folder/$name.csv" --model "$output/$name.safetensors" \
            --output "$output/$name.predicted.csv"
}

targets_f() {
    local code=0
    needs data table
    run scripts/data.sh tables
    build train_table
    one_table Chicago --target ridership --leave-out date || code=1
    one_table penguins --target species || code=1
    one_table HouseVotes84 --target V3 V4 V5 V8 V9 V12 || code=1
    last_line $code "f: models, pictures and predictions of three tables that no evolution saw are in $output"
}
