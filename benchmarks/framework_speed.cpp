// How fast one update and the outer loop are, against this core's FMA peak and against one thread.
//
// Every round measures everything once, so that a noisy neighbour hits all alike; medians of many.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

#include "measure/peak.hpp"
#include "support/designs.hpp"
#include "support/program.hpp"
#include "support/statistics.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/learner/lifetime.hpp"
#include "tdca/meta/evolution.hpp"
#include "tdca/plasticity/plain.hpp"
#include "tdca/task/classification.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

constexpr std::size_t samples = 64;

/// FLOPs that an update of a Dense stack cannot do without: the forward product and the batch mean
/// of credit × activity, two per synapse and sample each.
template <class Net>
double useful_flops() {
    double synapses = 0;
    Net::for_each_layer([&](auto i) {
        using L = typename Net::template layer<i>;
        synapses += static_cast<double>(L::fan_in * L::output_shape::size);
    });
    return 4 * synapses * static_cast<double>(samples);
}

/// One learner with a minibatch in place, and its timings so far.
template <class LearnerType>
class UpdateBench {
public:
    explicit UpdateBench(const char* name) : name_(name) {
        typename LearnerType::Genome genome;
        LearnerType::initialize(genome, Key(1));
        life_.begin(genome, Key(1), 1'000'000);
        (Key(2)).fill_normal(std::span<float>(life_.inputs()));
        for (std::size_t s = 0; s < samples; ++s) {
            life_.labels()[s] = static_cast<std::uint16_t>(s % 10);
        }
    }

    void round(std::size_t updates, double peak) {
        const double seconds = measure::seconds_of([&] {
            for (std::size_t u = 0; u < updates; ++u) life_.update();
        });
        const double each = seconds / static_cast<double>(updates);
        microseconds_.push_back(each * 1e6);
        ratios_.push_back(useful_flops<typename LearnerType::network>() / each / peak);
    }

    [[nodiscard]] double ratio() const { return measure::median(ratios_); }

    [[nodiscard]] Json report() const {
        std::printf("%-34s %8.1f us   %5.1f %% of the FMA peak\n", name_,
                    measure::median(microseconds_), 100 * ratio());
        return {{"microseconds_median", measure::median(microseconds_)},
                {"microseconds", to_json(summarize(microseconds_))},
                {"fraction_of_peak_median", ratio()},
                {"fraction_of_peak", to_json(summarize(ratios_))},
                {"useful_flops", useful_flops<typename LearnerType::network>()}};
    }

private:
    const char* name_;
    Lifetime<LearnerType, samples> life_;
    std::vector<double> microseconds_;
    std::vector<double> ratios_;
};

/// Random samples: the outer loop's cost does not depend on what they show.
Dataset noise(std::size_t count) {
    Matrix<float> inputs = Matrix<float>::from_shape({count, 196});
    Tensor<std::uint16_t, 1> labels = Tensor<std::uint16_t, 1>::from_shape({count});
    Key(3).fill_normal(std::span<float>(inputs.data(), inputs.size()));
    for (std::size_t s = 0; s < count; ++s) labels(s) = static_cast<std::uint16_t>(s % 10);
    return Dataset("noise", std::move(inputs), std::move(labels), 10);
}

template <class Net>
using PlainLearner = Learner<Net, Diffused, PlainPlasticity, StepSchedule<>>;

int run(const ProgramOptions& options) {
    Json report = run_facts("framework_speed", options);
    const std::size_t rounds = options.quick ? 3 : 31;

    UpdateBench<PlainLearner<Classifier<784, 64>>> plain("784-64-10, plain plasticity");
    UpdateBench<TdcaLearner<Classifier<784, 64>>> adam("784-64-10, Adam plasticity");
    UpdateBench<TdcaLearner<Classifier<784, 256>>> wide("784-256-10, Adam plasticity");
    UpdateBench<TdcaLearner<Classifier<784, 256, 256>>> deep("784-256-256-10, Adam plasticity");
    std::vector<double> peaks;
    for (std::size_t r = 0; r < rounds; ++r) {
        const double peak = measure::fma_peak();
        peaks.push_back(peak);
        plain.round(200, peak);
        adam.round(200, peak);
        wide.round(50, peak);
        deep.round(50, peak);
    }
    std::printf("FMA peak of one core: %.0f GFLOP/s, median of %zu rounds\n",
                measure::median(peaks) / 1e9, rounds);
    report["fma_peak_gflops"] = measure::median(peaks) / 1e9;
    report["update"]["784-64-10_plain"] = plain.report();
    report["update"]["784-64-10_adam"] = adam.report();
    report["update"]["784-256-10_adam"] = wide.report();
    report["update"]["784-256-256-10_adam"] = deep.report();

    using Task = ClassificationTask<TdcaLearner<Classifier<196, 32>>>;
    const Dataset data = noise(20'000);
    const Task task(all(data).first(18'000), all(data).rest(18'000), {100}, 1000);
    Evolution<Snes, Task> one(Snes{}, task, Key(1), 1);
    Evolution<Snes, Task> two(Snes{}, task, Key(1), 2);
    std::vector<double> speedups;
    for (std::size_t r = 0; r < rounds; ++r) {
        const double alone = one.step().seconds;
        speedups.push_back(alone / two.step().seconds);
    }
    const double speedup = measure::median(speedups);
    std::printf("outer loop, 2 threads against 1: %.2f times as fast\n", speedup);
    report["outer_loop_speedup_2_threads_median"] = speedup;
    report["outer_loop_speedup_2_threads"] = to_json(summarize(speedups));

    if (!options.json.empty()) save_json(options.json, report);
    const bool holds = plain.ratio() >= 0.6 && adam.ratio() >= 0.6 && speedup >= 1.8;
    std::printf(
        "%s  g: an update of 784-64-10 runs at %.0f %% (plain) and %.0f %% (Adam) of the "
        "FMA peak; 2 threads are %.2f times as fast as 1\n",
        holds ? "holds " : "FAILS ", 100 * plain.ratio(), 100 * adam.ratio(), speedup);
    return options.quick || holds ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    ProgramOptions options;
    CLI::App app("Measures one inner update and the outer loop", "framework_speed");
    options.add_to(app);
    return run_program(app, argc, argv, [&] { return run(options); });
}
