// A board with a Cortex-M and nothing else: its vectors, memory at reset, and texts through
// semihosting, by which a debugger, or qemu, lends a terminal.
#include <cstdint>

#include "board.hpp"
#include "board_memory.hpp"

extern "C" {

// From cortex_m.ld.
extern std::uint32_t data_begin;
extern std::uint32_t data_end;
extern const std::uint32_t data_image;
extern std::uint32_t bss_begin;
extern std::uint32_t bss_end;
extern std::uint32_t stack_top;

[[noreturn]] void reset();

[[gnu::used, gnu::section(".vectors")]] void (*const vectors[])() = {
    reinterpret_cast<void (*)()>(&stack_top), reset, board_exit, board_exit};

}  // extern "C"

namespace {

void ask(std::uint32_t operation, const void* argument) {
    register std::uint32_t r0 asm("r0") = operation;
    register const void* r1 asm("r1") = argument;
    asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

}  // namespace

void board_write(const char* text) { ask(0x04, text); }
void board_exit() {
    ask(0x18, reinterpret_cast<const void*>(0x20026));
    while (true) {
    }
}

void reset() {
    const std::uint32_t* from = &data_image;
    for (std::uint32_t* to = &data_begin; to < &data_end;) *to++ = *from++;
    for (std::uint32_t* to = &bss_begin; to < &bss_end;) *to++ = 0;
    run_device();
    board_exit();
}
