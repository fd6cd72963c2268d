// Births of deep networks that a program chooses when it runs, so that it is compiled once for all.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>

#include "support/architectures.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/initializers.hpp"
#include "tdca/core/random.hpp"

namespace tdca::support {

/// How hidden layers are born: independent weights, orthogonal ones, or such as look linear.
enum class Births { he, orthogonal, mirrored };

inline constexpr std::array<const char*, 3> births_names{"he", "orthogonal", "mirrored"};

/// The choice of the program, made before any network is born.
inline Births chosen_births = Births::mirrored;

/// The births of that name, one of `births_names`.
[[nodiscard]] inline Births births_of(const std::string& name) {
    if (name == births_names[0]) return Births::he;
    return name == births_names[1] ? Births::orthogonal : Births::mirrored;
}

/// An initializer that follows the choice.
template <bool First>
struct ChosenBirths {
    template <class Scalar>
    static void fill(std::span<Scalar> weights, std::size_t fan_in, std::size_t fan_out,
                     Key key) noexcept {
        switch (chosen_births) {
            case Births::he:
                return HeNormal::fill(weights, fan_in, fan_out, key);
            case Births::orthogonal:
                return Orthogonal<2>::fill(weights, fan_in, fan_out, key);
            case Births::mirrored:
                return Mirrored<!First>::fill(weights, fan_in, fan_out, key);
        }
    }
};

/// So many plain ReLU layers with births of choice.
template <std::size_t Layers, std::size_t Inputs = 784, std::size_t Width = 64>
using PlainDeep = Deep<Layers, Dense<Width, Relu, ChosenBirths<false>>, Inputs, Width,
                       Dense<Width, Relu, ChosenBirths<true>>>;

}  // namespace tdca::support
