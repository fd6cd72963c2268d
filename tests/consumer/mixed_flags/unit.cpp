// One translation unit of a program whose units have different flags: learns, and tells the bits of
// what came of it. The macro UNIT names its function.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/core/random.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/lifetime.hpp"

using namespace tdca;

namespace {

using Net = Network<Input<37>, Dense<19, Tanh>, Dense<3, Softmax>>;
using TopDown = TopDownNetwork<ClassificationSignal<3>, Hidden<4>, GaussianDiffusion<4>>;
using Student = Learner<Net, TopDown>;

}  // namespace

/// The remaining error of two short lives, one a half of the number.
std::uint64_t UNIT() {
    Student::Genome genome;
    Student::initialize(genome, Key(1));
    std::array<std::uint32_t, 2> errors{};
    parallel_for(errors.size(), 2, [&](std::size_t index, std::size_t /*thread*/) {
        Lifetime<Student, 16> life;
        life.begin(genome, Key(index), 50);
        Key(2).fill_normal(std::span<float>(life.inputs()));
        for (std::size_t s = 0; s < 16; ++s) life.labels()[s] = static_cast<std::uint16_t>(s % 3);
        for (int update = 0; update < 50; ++update) life.update();
        errors[index] = std::bit_cast<std::uint32_t>(life.state().error.relative());
    });
    return std::uint64_t{errors[0]} << 32U | errors[1];
}
