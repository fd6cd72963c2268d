// A network of five hidden layers learns a small real data set under a genome that has not evolved.
//
// Over 20 seeds accuracies after 100 updates were 96.8 ± 1.0, 57.4 ± 4.3 where hidden layers get no
// credit, and 10.0 ± 2.6 with noise for credits; chance is 10. All thresholds on means of 8 stand
// more than ten of their standard errors away: a false alarm is below one in a million.
#include <catch2/catch.hpp>

#include <cstdint>
#include <filesystem>

#include "support/datasets.hpp"
#include "support/designs.hpp"
#include "tdca/core/random.hpp"
#include "tdca/training/lifetime.hpp"

namespace {

using namespace tdca;
using namespace tdca::support;

using Deep = Mlp<64, 10, Relu, 32, 32, 32, 32, 32>;

/// Mean accuracy, in percent, over 8 lifetimes of 100 updates.
template <class LearnerType>
double mean_accuracy(const ExperimentData& data) {
    typename LearnerType::Genome genome;
    LearnerType::initialize(genome, Key(1));
    double mean = 0;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        Lifetime<LearnerType> life;
        life.live(genome, data.train(), Key(seed), 100);
        mean += 100 * life.evaluate(data.validation()).accuracy / 8;
    }
    return mean;
}

}  // namespace

TEST_CASE("five hidden layers learn under a genome that has not evolved", "[deep]") {
    if (!std::filesystem::exists(default_sklearn_directory())) {
        WARN("skipped: there is no " << default_sklearn_directory() << "; install python3-sklearn");
        return;
    }
    const ExperimentData data = load_dataset("digits");
    const double credits = mean_accuracy<ClassifierLearner<Deep>>(data);
    const double output_only =
        mean_accuracy<TamperedLearner<Deep, Tampering::no_hidden_credit>>(data);
    const double noise = mean_accuracy<TamperedLearner<Deep, Tampering::all_noise>>(data);
    CAPTURE(credits, output_only, noise);
    CHECK(credits > 90);
    CHECK(output_only < 75);
    CHECK(noise < 20);
}
