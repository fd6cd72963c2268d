// genomes FOLDER: one line for each genome file of the folder, of the bits of the life that it
// gives. A change that is to move no bit prints the same lines before and after, on one machine
// with one compiler.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "baseline/backprop.hpp"
#include "support/digest.hpp"
#include "support/halves.hpp"
#include "tdca/analysis/loss_plane.hpp"
#include "tdca/bottom_up/cells.hpp"
#include "tdca/bottom_up/conv2d.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/initializers.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/bottom_up/pool.hpp"
#include "tdca/bottom_up/residual.hpp"
#include "tdca/control/agent.hpp"
#include "tdca/control/environments/cart_pole.hpp"
#include "tdca/control/environments/pendulum.hpp"
#include "tdca/control/reward_signal.hpp"
#include "tdca/control/trace_training.hpp"
#include "tdca/credit/centring.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/data/sampler.hpp"
#include "tdca/integer/learner.hpp"
#include "tdca/integer/life.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/optimization/deep_generator.hpp"
#include "tdca/optimization/function_optimization.hpp"
#include "tdca/optimization/ranked_deviation.hpp"
#include "tdca/optimization/search.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/plasticity/schedule.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/deep.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/lifetime.hpp"

using namespace tdca;
using namespace tdca::testing;
namespace fs = std::filesystem;

namespace {

/// What a genome is lived with: no genome is bound to a network's shape or to a world, so small
/// ones do.
template <class Net>
using Student = Learner<Net, TopDownNetwork<ClassificationSignal<2>, Hidden<8>,
                                            GaussianDiffusion<32>, PredictiveFeedback<>>>;
using Output = Dense<2, Softmax, ScaledNormal>;
using Shallow = Network<Input<4>, Dense<19, Relu>, Output>;
using Deeper = Network<Input<4>, Dense<16, Relu>, Residual<Dense<16, Tanh>>, Output>;
using Maps = Network<Input<1, 2, 2>, Conv2d<4, 3, Relu, Sliding{.padding = 1}>, MaxPool<2>, Output>;
using Rows = Network<Input<2, 2>, Gru<8>, Output>;
using Same = Dense<16, Relu, Mirrored<>>;
using Deepest = Network<Input<4>, Dense<16, Relu, Mirrored<false>>, Same, Same, Same, Same, Same,
                        Same, Same, Same, Same, Same, Same, Output>;

template <class Env, class Layer>
using PolicyNet =
    Network<Input<Env::observation_shape::size>, Dense<32, Tanh, ScaledNormal>, Layer>;
template <class Env, class Layer>
using Policy =
    Learner<PolicyNet<Env, Layer>,
            TopDownNetwork<RewardSignal<typename Env::actions>, Hidden<8>, GaussianDiffusion<8>>>;
using Choice = Dense<2, Softmax, ScaledNormal>;
using Force = Dense<1, Identity, ScaledNormal>;
using Balancer = Policy<CartPole<>, Choice>;
using Swinger = Policy<Pendulum<>, Force>;
using GradientBalancer =
    baseline::BackpropLearner<PolicyNet<CartPole<>, Choice>, AdamPlasticity, StepSchedule<>,
                              CreditCentring, RewardSignal<CartPole<>::actions>>;
template <class LearnerType>
using Online = Agent<LearnerType, CartPole<>, TraceTraining<AgentState<LearnerType, CartPole<>>>>;

using Deep =
    Learner<Network<Input<10>, Dense<32, Tanh, ScaledNormal>, Dense<10, Identity, ScaledNormal>>,
            TopDownNetwork<RankedDeviation<10>, Hidden<8>, GaussianDiffusion<16>>>;

template <class LearnerType>
void train(Digest& digest, const fs::path& file) {
    const auto genome = load_genome<typename LearnerType::Genome>(file).genome;
    const Dataset data = halves(200);
    Lifetime<LearnerType, 16> life;
    life.live(genome, data, Key(1), 100);
    digest.add(std::span<const float>(flatten(life.params())));
    const Evaluation result = life.evaluate(data);
    digest.add(std::span<const double>(&result.loss, 1));
}

/// In whole numbers.
void train_in_bytes(Digest& digest, const fs::path& file) {
    using Integers = IntegerLife<IntegerLearner<4, 19, 2>, 16>;
    const auto genome = load_genome<Integers::Genome>(file).genome;
    const Dataset data = halves(200);
    Lifetime<Integers, 16> life;
    life.live(genome, data, Key(1), 100);
    digest.add(std::span<const std::int8_t>(std::get<0>(life.params().layers).weights));
    digest.add(std::span<const std::int8_t>(std::get<1>(life.params().layers).weights));
    const Evaluation result = life.evaluate(data);
    digest.add(std::span<const double>(&result.loss, 1));
}

template <class Life>
void act(Digest& digest, const fs::path& file, const Budget& budget) {
    const auto genome = load_genome<typename Life::Genome>(file).genome;
    Life life;
    std::vector<Episode> episodes;
    life.live(genome, {}, Key(1), budget, episodes);
    for (const Episode& episode : episodes) digest.add(std::span<const float>(&episode.total, 1));
    digest.add(std::span<const float>(flatten(life.state().state.params)));
}

template <class Task>
void search(Digest& digest, const fs::path& file, double dimension) {
    const auto genome = load_genome<typename Task::Genome>(file).genome;
    LandscapeRange range;
    range.functions = {&find_test_function("rastrigin"), &find_test_function("ackley")};
    range.fewest_dimensions = range.most_dimensions = dimension;
    range.fewest_evaluations = range.most_evaluations = 400;
    const Task task(range);
    auto workspace = task.workspace();
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
        const double fitness = task.lifetime({Key(seed), 0}, genome, workspace);
        digest.add(std::span<const double>(&fitness, 1));
    }
}

/// By the name's first words: the family says what it serves.
void live(Digest& digest, const fs::path& file) {
    const std::string name = file.stem().string();
    const auto is = [&](std::string_view family) { return name.starts_with(family); };
    if (is("evolved_backprop")) {
        train<baseline::BackpropLearner<Shallow, AdamPlasticity, StepSchedule<>, CreditCentring>>(
            digest, file);
    } else if (is("cart_pole_online_backprop")) {
        act<Online<GradientBalancer>>(digest, file, {.episodes = 20});
    } else if (is("cart_pole") || is("control") || is("lunar_lander") || is("memory")) {
        act<Agent<Balancer, CartPole<>>>(digest, file, {.episodes = 20});
        act<Agent<Swinger, Pendulum<>>>(digest, file, {.steps = 2000});
        act<Online<Balancer>>(digest, file, {.episodes = 20});
    } else if (is("optimizer") || is("known")) {
        search<FunctionOptimization<>>(digest, file, 6);
    } else if (is("integers")) {
        train_in_bytes(digest, file);
    } else if (is("deep_generator")) {
        search<DeepGeneratorTask<Deep>>(digest, file, 10);
    } else if (is("deep")) {
        train<DeepClassifierLearner<Deepest>>(digest, file);
    } else {
        train<Student<Shallow>>(digest, file);
        train<Student<Deeper>>(digest, file);
        train<Student<Maps>>(digest, file);
        train<Student<Rows>>(digest, file);
    }
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 2) {
        std::fputs("usage: genomes FOLDER\n", stderr);
        return 2;
    }
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(argv[1])) {
        if (entry.path().extension() == ".safetensors") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    for (const fs::path& file : files) {
        Digest digest;
        live(digest, file);
        std::printf("%s: %016llx\n", file.stem().c_str(),
                    static_cast<unsigned long long>(digest.value()));
    }
} catch (const std::exception& error) {
    std::fprintf(stderr, "genomes: %s\n", error.what());
    return 1;
}
