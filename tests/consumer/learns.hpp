// What the consumers do: a network learns to tell stripes that begin with 1 from those with −1.
#pragma once

#include <cstddef>
#include <tdca/bottom_up/dense.hpp>
#include <tdca/bottom_up/network.hpp>
#include <tdca/credit/diffusion.hpp>
#include <tdca/signal/classification.hpp>
#include <tdca/top_down/top_down_network.hpp>
#include <tdca/training/lifetime.hpp>

using Net =
    tdca::Network<tdca::Input<32>, tdca::Dense<8, tdca::Relu>, tdca::Dense<2, tdca::Softmax>>;

/// Whether 50 updates by this genome halve the error.
template <class Student>
bool learns(const typename Student::Genome& genome) {
    tdca::Lifetime<Student, 16> life;
    life.begin(genome, tdca::Key(1), 50);
    for (std::size_t s = 0; s < 16; ++s) {
        life.labels()[s] = s % 2;
        for (std::size_t i = 0; i < 32; ++i) {
            life.inputs()[32 * s + i] = (s + i) % 2 == 0 ? 1.0F : -1.0F;
        }
    }
    for (int update = 0; update < 50; ++update) life.update();
    return life.state().error.relative() < 0.5F;
}
