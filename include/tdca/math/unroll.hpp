// Which loops compilers unroll: tiles of registers whole, loops around them not.
#pragma once

/// TDCA_UNROLL unrolls the constant-count loop that follows it, whole; TDCA_UNROLL_TWICE does two
/// iterations of a long loop at a time. Not under sanitizers: their checks on every access of an
/// unrolled tile would take the compiler minutes.
#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TDCA_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TDCA_SANITIZED
#endif
#ifdef TDCA_SANITIZED
#define TDCA_UNROLL
#define TDCA_UNROLL_TWICE
#define TDCA_NO_UNROLL
#elif defined(__clang__)
#define TDCA_UNROLL _Pragma("clang loop unroll(full)")
#define TDCA_UNROLL_TWICE _Pragma("clang loop unroll_count(2)")
#define TDCA_NO_UNROLL _Pragma("clang loop unroll(disable)")
#else
#define TDCA_UNROLL _Pragma("GCC unroll 64")
/// Unrolls the next loop by two.
#define TDCA_UNROLL_TWICE _Pragma("GCC unroll 2")
/// Leaves the next loop as it is: unrolled, its body would have more operands than registers.
#define TDCA_NO_UNROLL _Pragma("GCC unroll 1")
#endif
