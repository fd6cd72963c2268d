// What a device's program asks of the board that it runs on.
#pragma once

extern "C" {

/// Shows a text that ends with a zero.
void board_write(const char* text);
/// The end of the program.
[[noreturn]] void board_exit();

/// The program; the board calls it.
void run_device();

}  // extern "C"
