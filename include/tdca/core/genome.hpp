// Genome: gene blocks under names, read from and written to one flat span.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"

namespace tdca::inline TDCA_ABI {

/// One named part of a genome: a `Genes<…>` block, or a genome in its own right.
template <Name Label, class T>
struct Part {
    using type = T;  ///< a block of genes
    static constexpr std::string_view name = Label.view();
};

/// Everything that evolution may change, as a tree of named tensors and as one flat vector.
///
/// Evolution strategies see `write(span)` and `read(span)`, files see `for_each` with names such
/// as "top_down.unit.linear", and the inner loop sees typed parts: `get<"schedule">()`.
template <class... Parts>
class Genome {
    template <Name Label>
    static constexpr std::size_t index_of() {
        std::size_t index = 0;
        const bool found = ((Parts::name == Label.view() || (++index, false)) || ...);
        return found ? index : sizeof...(Parts);
    }

public:
    using scalar = float;

    /// Number of genes.
    static constexpr std::size_t count = (std::size_t{0} + ... + Parts::type::count);

    /// The part named `Label`.
    template <Name Label>
    [[nodiscard]] constexpr auto& get() noexcept {
        return part<Label>(parts_);
    }
    template <Name Label>
    [[nodiscard]] constexpr const auto& get() const noexcept {
        return part<Label>(parts_);
    }

    /// Takes all genes from `genes`, in order of declaration.
    constexpr void read(std::span<const float, count> genes) noexcept {
        std::size_t at = 0;
        for_each([&](const auto&, auto, std::span<float> values) {
            std::copy_n(genes.data() + at, values.size(), values.begin());
            at += values.size();
        });
    }

    /// Puts all genes into `genes`, in order of declaration.
    constexpr void write(std::span<float, count> genes) const noexcept {
        std::size_t at = 0;
        for_each([&](const auto&, auto, std::span<const float> values) {
            std::copy(values.begin(), values.end(), genes.data() + at);
            at += values.size();
        });
    }

    /// Calls `visit(name, shape, span)` for each tensor, name being "part.tensor".
    template <class Visitor>
    constexpr void for_each(Visitor&& visit) {
        visit_parts(parts_, visit, std::index_sequence_for<Parts...>{});
    }
    template <class Visitor>
    constexpr void for_each(Visitor&& visit) const {
        visit_parts(parts_, visit, std::index_sequence_for<Parts...>{});
    }

private:
    template <Name Label, class Tuple>
    static constexpr auto& part(Tuple& parts) noexcept {
        constexpr std::size_t index = index_of<Label>();
        static_assert(index < sizeof...(Parts), "this genome has no part of that name");
        return std::get<index>(parts);
    }

    /// A name that is joined only when it is asked for: reading and writing genes never is.
    template <class Inner>
    struct JoinedName {
        std::string_view outer;
        const Inner& inner;

        // NOLINTNEXTLINE(google-explicit-constructor): stands for the string it makes.
        operator std::string() const { return std::string(outer) + "." + std::string(inner); }
    };

    template <class Tuple, class Visitor, std::size_t... Index>
    static constexpr void visit_parts(Tuple& parts, Visitor& visit, std::index_sequence<Index...>) {
        (std::get<Index>(parts).for_each([&](const auto& name, auto shape, auto values) {
            visit(JoinedName<std::remove_cvref_t<decltype(name)>>{Parts::name, name}, shape,
                  values);
        }),
         ...);
    }

    std::tuple<typename Parts::type...> parts_;
};

}  // namespace tdca
