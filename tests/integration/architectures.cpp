// What the genome of all architectures is shipped for: convolutions and memory, in networks, sizes
// and delays that it was not evolved on.
//
// Each life follows from its seed. Measured: 87.6 and 86.6 % against 82, 71.4 and 72.5 %
// against 60.
#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>

#include "support/architectures.hpp"
#include "support/datasets.hpp"
#include "support/designs.hpp"
#include "support/memory_problems.hpp"
#include "support/program.hpp"
#include "support/sequence_data.hpp"
#include "tdca/bottom_up/cells.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/training/lifetime.hpp"

namespace {

using namespace tdca;
using namespace tdca::support;

template <class Net>
double accuracy(const Subset& train, const Subset& judged, std::size_t updates,
                std::uint64_t seed) {
    using L = ClassifierLearner<Net>;
    Lifetime<L> life;
    life.live(load_genome<typename L::Genome>(shipped_genome("architectures.safetensors")).genome,
              train, Key(seed), updates);
    return 100 * life.evaluate(judged).accuracy;
}

}  // namespace

TEST_CASE("the genome of all architectures trains convolutions", "[fashion_mnist]") {
    const ExperimentData data = load_dataset("fashion_mnist");
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        CHECK(accuracy<Convolutional>(data.train(), data.validation(), 200, seed) > 82);
    }
}

TEST_CASE("the genome of all architectures trains recurrent units to remember") {
    using Problem = CopyProblem<10>;
    const SequenceData data = sequences<Problem>(Key(1), {20000, 1000, 0});
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        CHECK(accuracy<Reader<Problem, Gru<24>>>(data.train(), data.validation(), 500, seed) > 60);
    }
}
