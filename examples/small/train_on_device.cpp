// A network that learns under a shipped genome in static memory alone: no heap, no exceptions, no
// threads, no files. Compiled for a small machine, with -fno-exceptions -fno-rtti.
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "device.hpp"
#include "minibatch.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

using namespace tdca;
using namespace tdca::device;

namespace {

using Net = Network<Input<pixels>, Dense<32, Relu>, Dense<classes, Softmax, ScaledNormal>>;
using TopDown = TopDownNetwork<ClassificationSignal<classes>, Hidden<8>, GaussianDiffusion<32>,
                               PredictiveFeedback<>>;
using Student = Learner<Net, TopDown>;

/// The genome, in read-only memory.
constexpr Student::Genome evolved = [] {
    Student::Genome genome;
    genome.read(genome_values);
    return genome;
}();

// All memory that learning takes, but for the stack.
Student::State state;
Student::Workspace<batch> workspace;
Minibatch minibatch;

}  // namespace

void device_train(std::uint32_t seed, std::uint32_t updates, const float* pace) noexcept {
    const Key life(seed);
    Course course = Course::over(updates, batch, train_labels.size());
    course.pace = *pace;
    Student::begin(evolved, life / 0, course, state);
    for (std::uint32_t update = 0; update < updates; ++update) {
        minibatch.draw(life / 1, update);
        Student::update<batch>(evolved, course, std::span(std::as_const(minibatch.inputs)),
                               std::span(std::as_const(minibatch.labels)), state, workspace);
    }
}

void device_classify(const std::uint8_t* images, std::uint32_t count,
                     std::uint8_t* answers) noexcept {
    for (std::uint32_t s = 0; s < count; ++s) minibatch.set_image(s, images + s * pixels);
    Net::forward<batch>(state.params, std::span(std::as_const(minibatch.inputs)),
                        workspace.activities, workspace.eligibilities);
    answer(std::as_const(workspace.activities).get<Net::depth - 1>(), count, answers);
}
