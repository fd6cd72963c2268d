# Reach: where people meet the library. docs/results/reach.md.

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
