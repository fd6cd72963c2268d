// Test functions with poles: clusters of atoms.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>
#include <tuple>

#include "tdca/core/abi.hpp"
#include "tdca/optimization/test_functions/contract.hpp"

namespace tdca::inline TDCA_ABI {
namespace test_function {

/// Σ over pairs of atoms 4 (r⁻¹² − r⁻⁶): the energy of a cluster under the Lennard-Jones potential,
/// infinite where two atoms meet. The first atom is at the origin, the second on the first axis,
/// the third in the plane of the first two; the others' coordinates follow in order. So there are
/// 3 · atoms − 6 coordinates, and clusters that differ by how atoms are named, or by a reflection,
/// are minima of their own (Wales & Doye, "Global optimization by basin-hopping and the lowest
/// energy structures of Lennard-Jones clusters", J. Phys. Chem. A 101, 1997).
///
/// @tparam Atoms 4, a tetrahedron, or 6, an octahedron: their minima are known in closed form
template <std::size_t Atoms>
struct LennardJones {
    static_assert(Atoms == 4 || Atoms == 6);
    static constexpr std::string_view name = Atoms == 4 ? "lennard_jones_4" : "lennard_jones_6";
    static constexpr double low = -3;
    static constexpr double high = 3;
    static constexpr bool multimodal = true;
    static constexpr std::size_t dimension = 3 * Atoms - 6;

    /// Place of an atom.
    template <class T>
    static std::array<T, 3> atom(std::span<const T> x, std::size_t which) {
        if (which == 0) return {T(0), T(0), T(0)};
        if (which == 1) return {x[0], T(0), T(0)};
        if (which == 2) return {x[1], x[2], T(0)};
        return {x[3 * which - 6], x[3 * which - 5], x[3 * which - 4]};
    }
    template <class T>
    static T value(std::span<const T> x) {
        T energy(0);
        for (std::size_t a = 1; a < Atoms; ++a) {
            const auto one = atom(x, a);
            for (std::size_t b = 0; b < a; ++b) {
                const auto other = atom(x, b);
                T squares(0);
                for (std::size_t k = 0; k < 3; ++k) {
                    squares += detail::square(T(one[k] - other[k]));
                }
                const T attraction(T(1) / (squares * squares * squares));
                energy += T(4) * attraction * T(attraction - T(1));
            }
        }
        return energy;
    }

    static double optimum(std::size_t i, std::size_t /*n*/) {
        const double r = std::pow(attraction(), -1.0 / 6);
        if constexpr (Atoms == 4) {
            const std::array<double, 6> at{r,
                                           r / 2,
                                           r * std::sqrt(0.75),
                                           r / 2,
                                           r * std::sqrt(1.0 / 12),
                                           r * std::sqrt(2.0 / 3)};
            return at[i];
        } else {  // a square, and an atom on either side of it
            const double up = r * std::sqrt(0.5);
            const std::array<double, 12> at{r, r, r, 0, r, 0, r / 2, r / 2, up, r / 2, r / 2, -up};
            return at[i];
        }
    }
    static double minimum(std::size_t /*n*/) {
        const double a = attraction();
        return 4 * (repulsions * a * a - attractions * a);
    }

private:
    // Pairs at a distance r, and pairs across at √2 r.
    static constexpr double near = Atoms == 4 ? 6 : 12;
    static constexpr double across = Atoms == 4 ? 0 : 3;
    static constexpr double repulsions = near + across / 64;
    static constexpr double attractions = near + across / 8;
    /// r⁻⁶ at the minimum.
    static double attraction() { return attractions / (2 * repulsions); }
};

}  // namespace test_function

/// Every test function with poles.
using ClusterFunctions = std::tuple<test_function::LennardJones<4>, test_function::LennardJones<6>>;

}  // namespace tdca
