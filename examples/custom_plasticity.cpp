// A plasticity rule of one's own, with a gene of its own, and a short evolution to find its value.
//
// A rule is one struct: genes, what they express, traces, and what a synapse does with its delta.
#include <cmath>
#include <cstdio>

#include "support/command_line.hpp"
#include "support/fashion_mnist.hpp"
#include "support/program.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/progress.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/math/simd.hpp"
#include "tdca/presets.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/lifetime.hpp"

using namespace tdca;

/// Each synapse keeps a running mean of its delta and moves by tanh(mean / temperature) steps:
/// about one whole step where its evidence is strong, in proportion where it is weak.
struct SaturatingPlasticity {
    using Genome = Genes<float, Parameter<"log_temperature", Shape<1>>>;
    struct Constants {
        float sharpness;  ///< 1 / temperature
    };
    static constexpr std::size_t traces = 1;  // the running mean

    static void initialize(Genome& genome) noexcept { genome.get<"log_temperature">()[0] = -4.0F; }
    static Constants decode(const Genome& genome, const Course& /*course*/) noexcept {
        return {std::exp(-std::fmin(std::fmax(genome.get<"log_temperature">()[0], -20.0F), 20.0F))};
    }
    static float width_factor(std::size_t fan_in) noexcept {
        return 1.0F / static_cast<float>(fan_in);
    }

    struct Change {
        float step;
        float sharpness;

        template <class T>
        void operator()(T delta, std::array<T, traces>& memory, T& weight) const noexcept {
            auto& [mean] = memory;
            mean = mean + T(0.1F) * (delta - mean);
            weight = simd::fma(T(step), simd::tanh(mean * T(sharpness)), weight);
        }
    };
    static Change change(const Constants& constants, std::size_t /*age*/, float step) noexcept {
        return {step, constants.sharpness};
    }
};
static_assert(PlasticityRule<SaturatingPlasticity>);

template <std::size_t Inputs>
using Student = Learner<Network<Input<Inputs>, Dense<32, Relu>, Dense<10, Softmax, ScaledNormal>>,
                        ClassifierTopDown<10>, SaturatingPlasticity>;

int main(int argc, char** argv) {
    support::ProgramOptions options;
    std::size_t generations = 40;
    support::CommandLine line("Evolves a plasticity rule of one's own on Fashion-MNIST",
                              "custom_plasticity");
    options.add_to(line);
    line.count("--generations", generations, "of the outer loop");
    return support::run_program(line, argc, argv, [&] {
        if (options.quick) generations = std::min<std::size_t>(generations, 3);
        const support::FashionMnist images;
        const support::FashionMnist pooled(2);
        // Evolved on 14 × 14 images, used on 28 × 28: the genome knows nothing of widths.
        using Work = TrainingTask<Student<196>>;
        Evolution<Snes, Work> evolution(Snes({.members = 16}),
                                        Work(pooled.train(), pooled.validation(), {100}),
                                        Key(options.seed), options.threads);
        const auto accuracy = [&] {
            const auto genome = evolution.genome();
            Lifetime<Student<784>> life;
            life.live(genome, images.train(), Key(options.seed), 100);
            return life.evaluate(images.validation()).accuracy;
        };
        const double before = accuracy();
        ProgressBar progress("evolving", generations);
        evolution.run(generations, [&](const GenerationReport& report, const auto& now) {
            progress.report(now.state().generation,
                            "fitness " + support::with_digits(report.mean, 4));
            return true;
        });
        const double after = accuracy();
        std::printf(
            "validation accuracy after 100 updates: %.2f %% before evolution, %.2f %% after\n",
            100 * before, 100 * after);
        support::save_report("custom_plasticity", options,
                             {{"generations", static_cast<double>(generations)},
                              {"validation_accuracy_before", before},
                              {"validation_accuracy_after", after},
                              {"seconds", progress.seconds()}});
        return 0;
    });
}
