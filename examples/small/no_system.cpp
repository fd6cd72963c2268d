// What the learning unit, and the mathematics that it calls, may take from a system, all of it: a
// link with this and -nostdlib that succeeds proves that there is no heap, thread, file or
// exception behind them. It is linked, never run.
#include <cstddef>

extern "C" {

void* memcpy(void* to, const void* /*from*/, std::size_t /*bytes*/) { return to; }
void* memmove(void* to, const void* /*from*/, std::size_t /*bytes*/) { return to; }
void* memset(void* to, int /*value*/, std::size_t /*bytes*/) { return to; }

// libm says in errno that a result overflowed; glibc keeps scalbn beside it, in libc.
thread_local int errno;
double scalbn(double x, int /*exponent*/) { return x; }

// How Debian's libm and libgcc were built: stack guards, a signal at a division by zero, and on x86
// a choice of functions by the processor.
std::size_t __stack_chk_guard;
void __stack_chk_fail() {}
int raise(int /*signal*/) { return 0; }
char _dl_x86_cpu_features[4096];

}  // extern "C"
