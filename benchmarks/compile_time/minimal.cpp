// The quick start without its command line, files and JSON: what tdca itself costs the compiler.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <utility>

#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/lifetime.hpp"

using namespace tdca;

using Net = Network<Input<784>, Dense<100, Relu>, Dense<10, Softmax, ScaledNormal>>;
using TopDown = TopDownNetwork<ClassificationSignal<10>, Hidden<8>, GaussianDiffusion<32>,
                               PredictiveFeedback<>>;
using Student = Learner<Net, TopDown, AdamPlasticity>;

int main() {
    const Key key(1);
    constexpr std::size_t samples = 640;
    auto inputs = Matrix<float>::from_shape({samples, 784});
    (key / 0).fill_normal(std::span<float>(inputs.data(), inputs.size()));
    auto labels = Tensor<std::uint16_t, 1>::from_shape({samples});
    for (std::size_t i = 0; i < samples; ++i) {
        labels.data()[i] = static_cast<std::uint16_t>((key / 1).below(10, i));
    }
    const Dataset data("noise", std::move(inputs), std::move(labels), 10);

    Student::Genome genome;
    Student::initialize(genome, key / 2);
    Lifetime<Student> life;
    life.live(genome, data, key / 3, 100);
    std::printf("accuracy on the noise it learned: %.2f %%\n", 100 * life.evaluate(data).accuracy);
}
