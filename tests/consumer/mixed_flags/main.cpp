// Tells what each of its units learned, a line each. The macro UNITS lists them: CALL(a) CALL(b).
#include <cinttypes>
#include <cstdint>
#include <cstdio>

#define CALL(name) std::uint64_t name();
UNITS
#undef CALL

int main() {
#define CALL(name) std::printf("%s %016" PRIx64 "\n", #name, name());
    UNITS
#undef CALL
}
