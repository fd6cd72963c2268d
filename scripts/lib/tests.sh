# Test programs of a configured preset, for the scripts that build and run no more than those.

# test_programs PRESET: the targets that exist of them, one a line.
test_programs() {
    ninja -C "build/$1" -t targets all |
        grep -Eo '^(test_(unit_[a-z_]+|property|reference|box2d)|digests|planted_race)(: phony)' | cut -d: -f1
}
# What CTest calls their tests.
test_programs_pattern='^(unit|property|reference|box2d|bits$|sanitizer)'
