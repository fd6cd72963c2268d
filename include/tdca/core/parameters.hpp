// Parameters<…>: named tensors of fixed shape in one contiguous block, seen whole as a flat span.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::inline TDCA_ABI {

/// Alignment, in bytes, of every block that a kernel runs over: one cache line, one AVX-512 vector.
inline constexpr std::size_t alignment = 64;

/// A string as a template argument, so that a tensor's name is part of its type.
template <std::size_t N>
struct Name {
    std::array<char, N> text{};  ///< with the closing zero

    /// From a literal, implicitly.
    // NOLINTNEXTLINE(google-explicit-constructor): "weights" must read as a name.
    consteval Name(const char (&literal)[N]) { std::copy_n(literal, N, text.begin()); }

    /// The characters.
    [[nodiscard]] constexpr std::string_view view() const { return {text.data(), N - 1}; }
};

/// One named tensor of a parameter block: `Parameter<"weights", Shape<784, 64>>`.
template <Name Label, StaticShape S>
struct Parameter {
    using shape = S;
    static constexpr std::string_view name = Label.view();
};

/// How a block lays out its tensors: each at a cache line of its own (for kernels), or end to end
/// (for genomes, where every number counts and no padding may be evolved).
enum class Layout : bool { aligned, packed };

/// Named tensors of fixed shape in one contiguous, statically sized block.
///
/// The same numbers are seen in two ways: `get<"weights">()` is the span of one tensor, row-major,
/// and `flat()` is all of them, which is what plasticity rules, evolution and files work on. In the
/// aligned layout the gaps between tensors belong to `flat()`; they start at zero and every
/// library operation keeps them there. Objects are large: keep them on the heap, and reuse them.
///
/// @tparam Scalar `float`, or `double` in reference tests
/// @tparam Arrangement aligned or packed, see @ref Layout
/// @tparam Members `Parameter<"name", Shape<…>>…`, names distinct
template <class Scalar, Layout Arrangement, class... Members>
class ParameterBlock {
    static constexpr std::size_t granule =
        Arrangement == Layout::aligned ? alignment / sizeof(Scalar) : 1;

    static constexpr std::size_t padded(std::size_t scalars) {
        return (scalars + granule - 1) / granule * granule;
    }

    template <Name Label>
    static constexpr std::size_t index_of() {
        std::size_t index = 0;
        const bool found = ((Members::name == Label.view() || (++index, false)) || ...);
        return found ? index : sizeof...(Members);
    }

    static constexpr auto offsets = [] {
        std::array<std::size_t, sizeof...(Members) + 1> starts{};
        std::size_t index = 0;
        ((starts[index + 1] = starts[index] + padded(Members::shape::size), ++index), ...);
        return starts;
    }();

    static constexpr std::array<std::size_t, sizeof...(Members)> sizes{Members::shape::size...};

public:
    using scalar = Scalar;

    /// Number of tensors.
    static constexpr std::size_t tensors = sizeof...(Members);
    /// Number of parameters proper, gaps not counted.
    static constexpr std::size_t count = (std::size_t{0} + ... + Members::shape::size);
    /// Number of scalars in `flat()`, gaps counted.
    static constexpr std::size_t flat_size = offsets[tensors];

    /// Where the tensor named `Label` starts in `flat()`.
    template <Name Label>
    static constexpr std::size_t offset_of() {
        constexpr std::size_t index = index_of<Label>();
        static_assert(index < tensors, "this parameter block has no tensor of that name");
        return offsets[index];
    }

    /// The tensor named `Label`, row-major.
    template <Name Label>
    [[nodiscard]] constexpr auto get() noexcept {
        return slice<Label>(values_.data());
    }
    template <Name Label>
    [[nodiscard]] constexpr auto get() const noexcept {
        return slice<Label>(values_.data());
    }

    /// Every scalar of the block, in order of declaration.
    [[nodiscard]] constexpr std::span<Scalar, flat_size> flat() noexcept {
        return std::span<Scalar, flat_size>{values_.data(), flat_size};
    }
    [[nodiscard]] constexpr std::span<const Scalar, flat_size> flat() const noexcept {
        return std::span<const Scalar, flat_size>{values_.data(), flat_size};
    }

    /// Calls `visit(name, shape, span)` for each tensor in order of declaration.
    template <class Visitor>
    constexpr void for_each(Visitor&& visit) {
        visit_all(values_.data(), visit, std::make_index_sequence<tensors>{});
    }
    template <class Visitor>
    constexpr void for_each(Visitor&& visit) const {
        visit_all(values_.data(), visit, std::make_index_sequence<tensors>{});
    }

private:
    template <Name Label, class T>
    static constexpr auto slice(T* values) noexcept {
        constexpr std::size_t index = index_of<Label>();
        static_assert(index < tensors, "this parameter block has no tensor of that name");
        return std::span<T, sizes[index]>{values + offsets[index], sizes[index]};
    }

    template <class T, class Visitor, std::size_t... Index>
    static constexpr void visit_all([[maybe_unused]] T* values, [[maybe_unused]] Visitor& visit,
                                    std::index_sequence<Index...>) {
        (visit(Members::name, typename Members::shape{},
               std::span<T, sizes[Index]>{values + offsets[Index], sizes[Index]}),
         ...);
    }

    static constexpr std::size_t storage = flat_size == 0 ? 1 : flat_size;
    alignas(Arrangement == Layout::aligned ? alignment
                                           : alignof(Scalar)) std::array<Scalar, storage> values_{};
};

/// A parameter block for kernels: every tensor starts at a cache line.
template <class Scalar, class... Members>
using Parameters = ParameterBlock<Scalar, Layout::aligned, Members...>;

/// A parameter block for genomes: no gaps, so that every number of `flat()` is a gene.
template <class Scalar, class... Members>
using Genes = ParameterBlock<Scalar, Layout::packed, Members...>;

}  // namespace tdca
