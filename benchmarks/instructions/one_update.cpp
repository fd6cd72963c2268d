// Updates of one network on one fixed minibatch, for scripts/instructions.sh to count.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>

#include "support/architectures.hpp"
#include "support/designs.hpp"
#include "tdca/bottom_up/cells.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/plasticity/plain.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/lifetime.hpp"

using namespace tdca;

namespace {

using AdamStudent =
    Learner<support::DenseClassifier<784, 64>, ClassifierTopDown<10>, AdamPlasticity>;
using PlainStudent =
    Learner<support::DenseClassifier<784, 256>, ClassifierTopDown<10>, PlainPlasticity>;
using ConvolutionStudent = Learner<support::Convolutional, ClassifierTopDown<10>, AdamPlasticity>;
using GruStudent = Learner<support::Rows<Gru<64>>, ClassifierTopDown<10>, AdamPlasticity>;
using AttentionStudent = Learner<support::AttendedRows, ClassifierTopDown<10>, AdamPlasticity>;

/// Schedules see progress through the lifetime: it is one length whatever is counted, so that
/// update 5 is the same in every run.
constexpr std::size_t horizon = 1000;

template <class Student>
int run(std::size_t updates) {
    const Key key(1);
    typename Student::Genome genome;
    Student::initialize(genome, key / 0);

    Lifetime<Student> life;
    life.begin(genome, key / 1, horizon);
    (key / 2).fill_normal(std::span<float>(life.inputs()));
    std::uint64_t sample = 0;
    for (std::uint16_t& label : life.labels()) {
        label = static_cast<std::uint16_t>(
            (key / 3).below(Student::network::output_shape::size, sample++));
    }

    for (std::size_t i = 0; i < updates; ++i) life.update();

    // A weight is read, so that no compiler may leave the updates out.
    return std::isfinite(std::get<0>(life.params()).flat()[0]) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    struct Network {
        std::string_view name;
        int (*run)(std::size_t updates);
    };
    static constexpr Network networks[] = {
        {"784-64-10-adam", run<AdamStudent>},
        {"784-256-10-plain", run<PlainStudent>},
        {"convolutional-adam", run<ConvolutionStudent>},
        {"gru-28-rows-adam", run<GruStudent>},
        {"attention-28-rows-adam", run<AttentionStudent>},
    };
    const auto updates = argc == 3 ? to_count(argv[2]) : std::nullopt;
    if (updates) {
        for (const Network& network : networks) {
            if (network.name == argv[1]) return network.run(*updates);
        }
    }
    std::fputs("one_update NETWORK UPDATES, of these networks:\n", stderr);
    for (const Network& network : networks) {
        std::fprintf(stderr, "    %s\n", network.name.data());
    }
    return 2;
}
