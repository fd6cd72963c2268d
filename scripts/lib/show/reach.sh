# Reach: where people meet the library. docs/results/reach.md.

source scripts/lib/data.sh

python=/usr/bin/python3

# module: the release build of the Python module, and Python with it.
module() {
    needs build python
    build_with python tdca_python
    run export PYTHONPATH=build/python/python
}

# measured SCRIPT ARGUMENT...: its last line is the point's.
measured() {
    local code=0 log
    log=$(kept log.txt)
    run "$python" "$@" | tee "$log" || code=1
    last_line $code "$point: $(tail -1 "$log")"
}

reach_a() {
    needs build python
    run rm -rf "$output/clone"
    run git clone -q . "$output/clone"
    measured scripts/lib/reach_install.py "$output/clone" "$output/work" --json "$output/install.json"
}

reach_b() {
    needs data table
    run scripts/data.sh tables
    module
    measured scripts/lib/reach_tables.py benchmarks/support/table_suite.hpp "$tables_folder" "${quick[@]}" \
        --json "$output/tables.json"
}

reach_c() {
    module
    measured scripts/lib/reach_search.py "${quick[@]}" --json "$output/search.json"
}

# The page, built and used as a visitor would; screenshots are in the point's folder.
reach_d() {
    local code=0 log
    needs page browser
    log=$(kept log.txt)
    run docs/site/live/build.py "$output" || exit 2
    run docs/site/live/check.py "$output/live.html" --json "$output/page.json" --pictures "$output/pictures" \
        --contest |
        tee "$log" || code=$?
    ((code != 77)) || exit 2
    last_line $code "d: $(tail -1 "$log")"
}

reach_e() {
    needs python
    run_tests '^python\.' "misuse, in its forms and by chance, ends with an exception that a Python user expects" \
        tdca_python train_table
}
