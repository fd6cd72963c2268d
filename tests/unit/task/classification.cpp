// The classification task: deterministic fitness, stratified horizons, clear refusals.
#include "tdca/task/classification.hpp"

#include <catch2/catch.hpp>

#include <vector>

#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/learner/learner.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"

using namespace tdca;

namespace {

using Student = Learner<Network<Input<4>, Dense<8, Relu>, Dense<2, Softmax>>,
                        TopDownNetwork<ClassificationSignal<2>, Hidden<2>, GaussianDiffusion<4>>>;
using Work = ClassificationTask<Student, 16>;

/// Label 1 where the first feature is positive.
Dataset halves(std::size_t samples) {
    Matrix<float> inputs = Matrix<float>::from_shape({samples, 4});
    Tensor<std::uint16_t, 1> labels = Tensor<std::uint16_t, 1>::from_shape({samples});
    Key(1).fill_normal(std::span<float>(inputs.data(), inputs.size()));
    for (std::size_t s = 0; s < samples; ++s) labels(s) = inputs(s, 0) > 0 ? 1 : 0;
    return Dataset("halves", std::move(inputs), std::move(labels), 2);
}

std::vector<float> newborn() {
    std::vector<float> genome(Work::genes);
    Work::initial_genome(Key(1), std::span<float, Work::genes>(genome));
    return genome;
}

}  // namespace

TEST_CASE("fitness follows from the id alone, and longer lives are fitter", "[task]") {
    STATIC_REQUIRE(Task<Work>);
    const Dataset data = halves(600);
    const Work work(all(data).first(500), all(data).rest(500), {1, 200}, 100);
    CHECK(work.lifetimes() == 2);
    auto workspace = work.workspace();
    const auto genome = newborn();
    const std::span<const float, Work::genes> genes(genome);
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const double shorter = work.lifetime({Key(seed), 0}, genes, workspace);
        const double longer = work.lifetime({Key(seed), 1}, genes, workspace);
        CHECK(longer > shorter);
        CHECK(shorter == work.lifetime({Key(seed), 0}, genes, workspace));
        CHECK(shorter != work.lifetime({Key(seed + 100), 0}, genes, workspace));
    }
}

TEST_CASE("senseless settings are refused", "[task]") {
    const Dataset data = halves(20);
    CHECK_THROWS_WITH(Work(all(data), all(data), {}), Catch::Contains("no horizon"));
    CHECK_THROWS_WITH(Work(all(data), all(data), {10, 0}), Catch::Contains("0 updates"));
    CHECK_THROWS_WITH(Work(all(data), all(data).first(0), {10}), Catch::Contains("validation"));
}
