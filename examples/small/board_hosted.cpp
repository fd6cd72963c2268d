// A board that is a system with a C library.
#include <cstdio>
#include <cstdlib>

#include "board.hpp"

void board_write(const char* text) { std::fputs(text, stdout); }
void board_exit() { std::exit(0); }

int main() { run_device(); }
