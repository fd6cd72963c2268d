// TDCA_ABI: the name of the inline namespace that tells code of other compiler flags apart.
#pragma once

/// Two translation units of one program may be compiled with different flags: one for AVX2 and one
/// for AVX-512, to choose between them at run time, or one with OpenMP and one without. The
/// library's functions are then different machine code, and some of its types have another size,
/// under what would be the same name: the linker would keep one at random, and the program would
/// run wide instructions where there are none, or walk over an object of another layout. Everything
/// in `tdca` therefore stands in an inline namespace whose name says what the flags chose: the
/// instruction set, threads, and -ffast-math. Users write `tdca::Network` all the same.
///
/// An object handed from one such unit to another does not link, and the linker's message shows
/// both names: `tdca::avx2_openmp::Dataset`, `tdca::avx512_openmp::Dataset`. Hand over spans and
/// plain numbers instead.
///
/// A unit that differs in flags that no macro shows (-mno-fma against -mfma below AVX2, say) may
/// define TDCA_ABI itself before its first include of the library.
#ifndef TDCA_ABI

#if defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define TDCA_ABI_INSTRUCTIONS avx512
#elif defined(__AVX512F__)
#define TDCA_ABI_INSTRUCTIONS avx512f
#elif defined(__AVX2__) && defined(__FMA__)
#define TDCA_ABI_INSTRUCTIONS avx2_fma
#elif defined(__AVX2__)
#define TDCA_ABI_INSTRUCTIONS avx2
#elif defined(__AVX__)
#define TDCA_ABI_INSTRUCTIONS avx
#elif defined(__SSE4_2__)
#define TDCA_ABI_INSTRUCTIONS sse4_2
#elif defined(__SSE4_1__)
#define TDCA_ABI_INSTRUCTIONS sse4_1
#elif defined(__SSSE3__)
#define TDCA_ABI_INSTRUCTIONS ssse3
#elif defined(__SSE3__)
#define TDCA_ABI_INSTRUCTIONS sse3
#elif defined(__SSE2__)
#define TDCA_ABI_INSTRUCTIONS sse2
#elif defined(__ARM_NEON)
#define TDCA_ABI_INSTRUCTIONS neon
#else
#define TDCA_ABI_INSTRUCTIONS scalar
#endif

#ifdef _OPENMP
#define TDCA_ABI_THREADS openmp
#else
#define TDCA_ABI_THREADS serial
#endif

#ifdef __FAST_MATH__
#define TDCA_ABI_MATH _fast
#else
#define TDCA_ABI_MATH
#endif

#define TDCA_ABI_PASTE(instructions, threads, math) instructions##_##threads##math
#define TDCA_ABI_JOIN(instructions, threads, math) TDCA_ABI_PASTE(instructions, threads, math)
#define TDCA_ABI TDCA_ABI_JOIN(TDCA_ABI_INSTRUCTIONS, TDCA_ABI_THREADS, TDCA_ABI_MATH)

#endif
