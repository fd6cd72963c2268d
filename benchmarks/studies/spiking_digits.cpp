// UCI digits as trains of spikes, 32 steps of 64 inputs that are 0 or 1, read by leaky
// integrate-and-fire neurons that learn forward in time. The universal genome as it is, which never
// saw a spike.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <span>

#include "support/architecture_table.hpp"
#include "support/datasets.hpp"
#include "tdca/bottom_up/cells.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

constexpr std::size_t steps = 32;
constexpr std::size_t pixels = 64;
constexpr std::size_t neurons = 64;
/// The chance that a pixel as bright as can be spikes in a step.
constexpr double brightest = 0.5;
/// Of each training image.
constexpr std::size_t training_codings = 8;

using Spiking = Network<Input<steps, pixels>, Lif<neurons>, Dense<10, Softmax, ScaledNormal>>;

/// Each image coded by rates: in every step a pixel spikes with a chance in proportion to its
/// brightness, by draws of its own. An image may be coded several times, each with other spikes.
Dataset as_spikes(const Subset& images, std::size_t codings, Key key) {
    // Standardised pixels are brought back to 0 … 1: black and white are the least and the
    // greatest.
    float black = images.sample(0)[0];
    float white = black;
    for (std::size_t i = 0; i < images.size(); ++i) {
        const auto [least, greatest] = std::ranges::minmax(images.sample(i));
        black = std::min(black, least);
        white = std::max(white, greatest);
    }
    return generate("spiking digits", codings * images.size(), steps * pixels, images.classes(),
                    [&](std::size_t i, std::span<float> spikes) {
                        const auto image = images.sample(i % images.size());
                        for (std::size_t at = 0; at < spikes.size(); ++at) {
                            const double brightness =
                                (image[at % pixels] - black) / (white - black);
                            const bool spike = (key / i).uniform(at) < brightest * brightness;
                            spikes[at] = spike ? 1.0F : 0.0F;
                        }
                        return images.label(i % images.size());
                    });
}

ArchitectureTask spiking_digits(const ArchitectureOptions& /*options*/) {
    const ExperimentData digits = load_dataset("digits");
    const Key key(20220801);
    return generated_task(
        "UCI digits as spikes", as_spikes(digits.train(), training_codings, key / 0),
        as_spikes(digits.validation(), 1, key / 1), as_spikes(digits.test(), 1, key / 2));
}

/// Share of ones among the inputs.
double density(const Subset& samples) {
    double spikes = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        for (const float value : samples.sample(i)) spikes += value;
    }
    return spikes / static_cast<double>(samples.size() * samples.features());
}

}  // namespace

int main(int argc, char** argv) {
    return run_architectures(
        "spiking_digits", "Spiking neurons trained by credits", {}, argc, argv, spiking_digits,
        [](ArchitectureTable& table) {
            table.network<Spiking>("Lif<64>");
            table.frozen_hidden<Spiking>("Lif<64>");
            table.fixed_feedback<Spiking>("Lif<64>");
            const std::array<std::size_t, 1> end{table.updates()};
            table.follow<ClassifierLearner<Spiking>>(end, [&](auto& life, std::size_t) {
                const Subset& test = table.arena().test;
                double rates = 0;
                std::size_t seen = 0;
                for (std::size_t first = 0; first < test.size(); first += 64) {
                    const std::size_t count = test.copy(first, life.inputs(), life.labels());
                    auto& workspace = life.workspace();
                    Spiking::forward<64>(life.params(), life.inputs(), workspace.activities,
                                         workspace.eligibilities);
                    for (const float rate :
                         workspace.activities.template get<0>().first(count * neurons)) {
                        rates += rate;
                    }
                    seen += count * neurons;
                }
                const double rate = rates / static_cast<double>(seen);
                const double input_rate = density(test);
                std::printf(
                    "spikes a step on test images: %.3f of inputs, %.3f of neurons (their "
                    "output: the rate of late spikes)\n",
                    input_rate, rate);
                table.report()["input_spikes_per_step"] = input_rate;
                table.report()["neuron_spikes_per_step"] = rate;
            });
        });
}
