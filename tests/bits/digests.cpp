// digests THREADS: one line for each thing that runs on threads and each seed, of the bits that
// come out.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string_view>
#include <vector>

#include "property/subjects.hpp"
#include "support/digest.hpp"
#include "support/halves.hpp"
#include "tdca/analysis/loss_plane.hpp"
#include "tdca/control/control_task.hpp"
#include "tdca/control/environments/cart_pole.hpp"
#include "tdca/control/environments/pendulum.hpp"
#include "tdca/control/environments/settings.hpp"
#include "tdca/core/number.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/openai_es.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/task_distribution.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/optimization/deep_generator.hpp"
#include "tdca/optimization/function_optimization.hpp"
#include "tdca/optimization/optimize.hpp"
#include "tdca/optimization/ranked_deviation.hpp"
#include "tdca/training/pipeline.hpp"

using namespace tdca;
using namespace tdca::testing;

namespace {

void print(const char* subject, std::uint64_t seed, std::uint64_t digest) {
    std::printf("%s, seed %u: %016llx\n", subject, static_cast<unsigned>(seed),
                static_cast<unsigned long long>(digest));
}

/// Two generations: the reports, a judgement, and the strategy's state.
template <class Strategy = Snes, Task T>
void evolve(const char* subject, const T& task, std::uint64_t seed, int threads) {
    Digest digest;
    Evolution evolution(Strategy({.members = 8}), task, Key(seed), threads);
    evolution.run(2, [&](const GenerationReport& report, const auto& now) {
        const double figures[]{report.best, report.mean, static_cast<double>(report.broken),
                               now.judge(now.genome(), Key(seed), 2)};
        digest.add(std::span<const double>(figures));
        return true;
    });
    evolution.state().for_each([&](const char*, const std::vector<float>& values) {
        digest.add(std::span<const float>(values));
    });
    print(subject, seed, digest.value());
}

LifetimeRange short_lives(const Dataset& data) {
    LifetimeRange range{{{all(data), all(data)}}};
    range.shortest = 2;
    range.longest = 12;
    range.judged = 32;
    range.lifetimes = 3;
    range.along_the_way = 0.5;
    return range;
}

template <class Env>
ControlRange<Env> few_episodes() {
    ControlRange<Env> range;
    range.setting = &SettingRange<Env>::draw;
    range.fewest_episodes = 2;
    range.most_episodes = 4;
    range.lifetimes = 2;
    return range;
}

LandscapeRange landscapes(double fewest, double most) {
    LandscapeRange range;
    range.functions = {&find_test_function("rastrigin"), &find_test_function("ackley")};
    range.lifetimes = 3;
    range.fewest_dimensions = fewest;
    range.most_dimensions = most;
    range.fewest_evaluations = 50;
    range.most_evaluations = 100;
    return range;
}

void evolutions(std::uint64_t seed, int threads) {
    using Student = SmallLearner<>;
    using Deeper = Learner<Network<Input<4>, Dense<9, LeakyRelu>, Dense<7, Sigmoid>, Dense<5, Relu>,
                                   Dense<2, Softmax>>,
                           Student::top_down>;
    const Dataset data = halves(100, Key(seed));
    const TrainingTask<Student, 16> classification(short_lives(data));
    evolve("evolution of classifiers", classification, seed, threads);
    evolve<OpenAiEs>("evolution of classifiers by OpenAiEs", classification, seed, threads);
    TaskDistribution<Student> distribution;
    distribution.stratum("any", 3).add(classification);
    distribution.add(TrainingTask<Deeper, 8>(short_lives(data)));
    evolve("evolution over a distribution", distribution, seed, threads);

    evolve("evolution of policies, episodic",
           ControlTask<EpisodicLife<CartPole<>>>(few_episodes<CartPole<>>()), seed, threads);
    evolve("evolution of policies, online",
           ControlTask<OnlineLife<CartPole<>>>(few_episodes<CartPole<>>()), seed, threads);
    evolve("evolution of policies, continuous",
           ControlTask<EpisodicLife<Pendulum<>, Identity>>(few_episodes<Pendulum<>>()), seed,
           threads);

    evolve("evolution of searches", FunctionOptimization<>(landscapes(2, 5)), seed, threads);
    using Deep =
        Learner<Network<Input<4>, Dense<8, Tanh, ScaledNormal>, Dense<3, Identity, ScaledNormal>>,
                TopDownNetwork<RankedDeviation<3>, Hidden<2>, GaussianDiffusion<4>>>;
    evolve("evolution of deep generators", DeepGeneratorTask<Deep>(landscapes(3, 3)), seed,
           threads);
}

void optimum(std::uint64_t seed, int threads) {
    const Optimum found = optimize(
        [](std::span<const double> x) {
            double sum = 0;
            for (const double v : x) sum += v * v - std::cos(3 * v);
            return sum;
        },
        Box::cube(4, -5, 3), {.evaluations = 300, .seed = seed, .threads = threads});
    Digest digest;
    digest.add(std::span<const double>(found.point));
    digest.add(std::span<const double>(&found.value, 1));
    print("optimize", seed, digest.value());
}

void pipeline(std::uint64_t seed, int threads) {
    using Student = SmallLearner<>;
    const Dataset data = halves(100, Key(seed));
    Lifetime<Student, 16> life;
    Pipeline<Student, 16> layers;
    life.begin(noisy_genome<Student>(Key(seed)), Key(seed), 30);
    layers.train(life, MinibatchSampler<16>(data, Key(seed)), 30, threads);
    Digest digest;
    digest.add(std::span<const float>(flatten(life.params())));
    print("a network trained layer by layer", seed, digest.value());
}

}  // namespace

int main(int argc, char** argv) {
    const auto threads = to_count<unsigned char>(argc > 1 ? argv[1] : "");
    const auto count = to_count(argc > 2 ? std::string_view(argv[2]) : to_text(seeds));
    if (!threads || *threads == 0 || !count || *count == 0) {
        std::fputs("usage: digests THREADS [SEEDS]\n", stderr);
        return 2;
    }
    for (std::uint64_t seed = 0; seed < *count; ++seed) {
        evolutions(seed, *threads);
        optimum(seed, *threads);
        pipeline(seed, *threads);
    }
}
