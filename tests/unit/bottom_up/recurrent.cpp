// Recurrent layers: traces against differences, and what a cell does step by step.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "support/differences.hpp"
#include "tdca/bottom_up/cells.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

using namespace tdca;

namespace {

constexpr std::size_t samples = 3;
constexpr std::size_t steps = 19;  // of a spiking layer two blocks, and a part of one
constexpr std::size_t features = 5;
constexpr std::size_t units = 11;

template <class Spec>
using Bound = typename Spec::template Bound<double, Shape<steps, features>>;

/// A layer with random weights, its input, and what its outputs are worth.
template <class Spec>
struct Scene {
    using L = Bound<Spec>;

    explicit Scene(std::uint64_t seed) {
        (Key(seed) / 0).fill_normal(std::span<double>(in));
        (Key(seed) / 1).fill_normal(std::span<double>(worth));
        (Key(seed) / 2).fill_normal(std::span<double>(params->flat()));
        for (double& weight : params->flat()) weight *= 0.5;
    }

    double value() {
        L::template forward_training<samples>(
            *params, std::span<const double, samples * steps * features>(in),
            std::span<double, samples * units>(out), *eligibility, Key(0));
        double total = 0;
        for (std::size_t i = 0; i < out.size(); ++i) total += worth[i] * out[i] / samples;
        return total;
    }

    std::vector<double> in = std::vector<double>(samples * steps * features);
    std::vector<double> worth = std::vector<double>(samples * units);
    std::vector<double> out = std::vector<double>(samples * units);
    std::unique_ptr<typename L::Params> params = std::make_unique<typename L::Params>();
    std::unique_ptr<typename L::template Eligibility<samples>> eligibility =
        std::make_unique<typename L::template Eligibility<samples>>();
};

}  // namespace

TEMPLATE_TEST_CASE("where neurons do not feed each other, credit × trace is the exact derivative",
                   "[recurrent]", (Rnn<units, 4>), (Rnn<units>), Gru<units>, Lstm<units>) {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        Scene<TestType> scene(seed);
        using L = Bound<TestType>;
        for (double& weight : scene.params->template get<"recurrent">()) weight = 0;
        (void)scene.value();
        const auto delta = std::make_unique<typename L::Params>();
        L::template correlate<samples>(
            std::span<const double, samples * steps * features>(scene.in),
            std::span<const double, samples * units>(scene.worth), *scene.eligibility, *delta);
        // One synapse in seven is enough, and they are of all kinds.
        testing::check_derivative(
            scene.params->flat(), delta->flat(), [&] { return scene.value(); }, seed % 7, 7);
    }
}

namespace {

/// The largest difference, relative to the largest number, between what synapses are told and
/// credit × traces that are carried from step to step and number by number.
template <class Cell, std::size_t Steps>
double distance_from_traces() {
    using L = typename Recurrent<units, Cell>::template Bound<double, Shape<Steps, features>>;
    constexpr std::size_t sums = L::sums;
    constexpr std::size_t sources = L::sources;
    std::vector<double> in(samples * Steps * features);
    std::vector<double> worth(samples * units);
    std::vector<double> out(samples * units);
    const auto params = std::make_unique<typename L::Params>();
    const auto delta = std::make_unique<typename L::Params>();
    const auto kept = std::make_unique<typename L::template Eligibility<samples>>();
    Key(5).fill_normal(std::span<double>(in));
    Key(6).fill_normal(std::span<double>(worth));
    Key(7).fill_normal(std::span<double>(params->flat()));
    for (double& weight : params->flat()) weight *= 0.3;
    L::template forward_training<samples>(*params,
                                          std::span<const double, samples * Steps * features>(in),
                                          std::span<double, samples * units>(out), *kept, Key(0));
    L::template correlate<samples>(std::span<const double, samples * Steps * features>(in),
                                   std::span<const double, samples * units>(worth), *kept, *delta);

    std::vector<double> expected(sources * sums);
    for (std::size_t s = 0; s < samples; ++s) {
        std::vector<double> traces(sources * sums);
        std::vector<double> readout(sums);
        std::array<std::array<double, Cell::states>, units> now{};
        for (std::size_t t = 0; t < Steps; ++t) {
            std::vector<double> sent(sources, 1.0);
            for (std::size_t i = 0; i < features; ++i) sent[i] = in[(s * Steps + t) * features + i];
            for (std::size_t i = 0; i < units; ++i) sent[features + 1 + i] = now[i][0];
            for (std::size_t j = 0; j < units; ++j) {
                double a[Cell::gates];
                double b[Cell::gates];
                for (std::size_t g = 0; g < Cell::gates; ++g) {
                    const std::size_t sum = g * units + j;
                    a[g] = params->template get<"input_bias">()[sum];
                    b[g] = params->template get<"recurrent_bias">()[sum];
                    for (std::size_t i = 0; i < features; ++i) {
                        a[g] += sent[i] * params->template get<"input">()[i * sums + sum];
                    }
                    for (std::size_t i = 0; i < units; ++i) {
                        b[g] += sent[features + 1 + i] *
                                params->template get<"recurrent">()[i * sums + sum];
                    }
                }
                double state[Cell::states];
                std::copy(now[j].begin(), now[j].end(), state);
                CellTraces<double, Cell::gates> says;
                Cell::step(a, b, state, says);
                std::copy(state, state + Cell::states, now[j].begin());
                for (std::size_t g = 0; g < Cell::gates; ++g) {
                    const std::size_t sum = g * units + j;
                    readout[sum] = says.readout[g];
                    for (std::size_t i = 0; i < sources; ++i) {
                        const double gain = i <= features ? says.gain_in[g] : says.gain_state[g];
                        double& trace = traces[i * sums + sum];
                        trace = says.keep[g] * trace + gain * sent[i];
                    }
                }
            }
        }
        for (std::size_t i = 0; i < sources; ++i) {
            for (std::size_t sum = 0; sum < sums; ++sum) {
                expected[i * sums + sum] += worth[s * units + sum % units] * readout[sum] *
                                            traces[i * sums + sum] / samples;
            }
        }
    }
    std::vector<double> told;
    delta->for_each([&](const auto&, auto, auto values) {
        told.insert(told.end(), values.begin(), values.end());
    });
    REQUIRE(told.size() == expected.size());
    double most = 0;
    double scale = 0;
    for (std::size_t i = 0; i < told.size(); ++i) {
        most = std::max(most, std::abs(told[i] - expected[i]));
        scale = std::max(scale, std::abs(expected[i]));
    }
    return most / scale;
}

}  // namespace

TEMPLATE_TEST_CASE("what synapses are told is credit × trace, in blocks of steps or one by one",
                   "[recurrent]", (RnnCell<4>), GruCell, LstmCell) {
    CHECK(distance_from_traces<TestType, 1>() < 1e-12);
    CHECK(distance_from_traces<TestType, 7>() < 1e-12);   // step by step
    CHECK(distance_from_traces<TestType, 8>() < 1e-12);   // in factors
    CHECK(distance_from_traces<TestType, 32>() < 1e-12);  // a whole block
    CHECK(distance_from_traces<TestType, 75>() < 1e-12);  // two blocks, and a part of one
}

TEMPLATE_TEST_CASE("without traces a layer runs the same way", "[recurrent]", (Rnn<units, 4>),
                   Gru<units>, Lstm<units>, Lif<units>) {
    Scene<TestType> scene(2);
    using L = Bound<TestType>;
    (void)scene.value();
    const auto out = scene.out;
    const auto traces = scene.eligibility->traces;
    L::template forward<samples>(*scene.params,
                                 std::span<const double, samples * steps * features>(scene.in),
                                 std::span<double, samples * units>(scene.out), *scene.eligibility);
    CHECK(scene.out == out);
    CHECK(scene.eligibility->traces == traces);
}

TEST_CASE("a gated recurrent unit does what its equations say") {
    Scene<Gru<units>> scene(1);
    (void)scene.value();
    const auto logistic = [](double x) { return 1 / (1 + std::exp(-x)); };
    const auto& p = *scene.params;
    for (std::size_t s = 0; s < samples; ++s) {
        std::vector<double> h(units);
        for (std::size_t t = 0; t < steps; ++t) {
            std::vector<double> next(units);
            for (std::size_t j = 0; j < units; ++j) {
                double a[3];
                double b[3];
                for (std::size_t g = 0; g < 3; ++g) {
                    const std::size_t sum = g * units + j;
                    a[g] = p.get<"input_bias">()[sum];
                    b[g] = p.get<"recurrent_bias">()[sum];
                    for (std::size_t i = 0; i < features; ++i) {
                        a[g] += scene.in[(s * steps + t) * features + i] *
                                p.get<"input">()[i * 3 * units + sum];
                    }
                    for (std::size_t i = 0; i < units; ++i) {
                        b[g] += h[i] * p.get<"recurrent">()[i * 3 * units + sum];
                    }
                }
                const double z = logistic(a[1] + b[1]);
                const double n = std::tanh(a[2] + logistic(a[0] + b[0]) * b[2]);
                next[j] = (1 - z) * n + z * h[j];
            }
            h = next;
        }
        for (std::size_t j = 0; j < units; ++j) {
            CHECK(scene.out[s * units + j] == Approx(h[j]).margin(1e-10));
        }
    }
}

namespace {

/// A single spiking neuron, of a leak of 1/2 and a window of 4, after the first `Steps` of
/// `inputs`: its rate, potential and spike.
template <std::size_t Steps>
std::array<double, 3> spiking_neuron(std::span<const double> inputs) {
    using L = Lif<1, 2, 4>::Bound<double, Shape<Steps, 1>>;
    const auto params = std::make_unique<typename L::Params>();
    const auto eligibility = std::make_unique<typename L::template Eligibility<1>>();
    params->template get<"input">()[0] = 1;
    params->template get<"recurrent">()[0] = 2;
    std::array<double, 1> out{};
    L::template forward<1>(*params, std::span<const double, Steps>(inputs.data(), Steps),
                           std::span<double, 1>(out), *eligibility);
    CHECK(out[0] == eligibility->state[0]);
    return {eligibility->state[0], eligibility->state[1], eligibility->state[2]};
}

/// What one sample's spiking neurons come to, step by step and in double, and the traces of their
/// synapses: inputs × units, a bias, units × units, a bias.
template <std::size_t Memory, std::size_t Window>
struct SpikingReference {
    static constexpr double leak = 1 - 1.0 / Memory;
    static constexpr double share = 1.0 / Window;

    template <class Params>
    SpikingReference(const Params& p, std::span<const double> in) {
        std::vector<double> potential(units);
        std::vector<double> spike(units);
        std::vector<double> faded(features + units + 2);
        for (std::size_t t = 0; t < steps; ++t) {
            std::vector<double> sent(in.begin() + static_cast<std::ptrdiff_t>(t * features),
                                     in.begin() + static_cast<std::ptrdiff_t>((t + 1) * features));
            sent.push_back(1);
            sent.insert(sent.end(), rate.begin(), rate.end());
            sent.push_back(1);
            for (std::size_t i = 0; i < sent.size(); ++i) faded[i] = leak * faded[i] + sent[i];
            for (std::size_t j = 0; j < units; ++j) {
                double sum =
                    p.template get<"input_bias">()[j] + p.template get<"recurrent_bias">()[j];
                for (std::size_t i = 0; i < features; ++i) {
                    sum += sent[i] * p.template get<"input">()[i * units + j];
                }
                for (std::size_t i = 0; i < units; ++i) {
                    sum += sent[features + 1 + i] * p.template get<"recurrent">()[i * units + j];
                }
                potential[j] = leak * potential[j] + sum - spike[j];
                spike[j] = potential[j] > 1 ? 1 : 0;
                spikes += spike[j];
                const double slope = 0.3 * std::max(0.0, 1 - std::abs(potential[j] - 1));
                for (std::size_t i = 0; i < sent.size(); ++i) {
                    double& trace = traces[i * units + j];
                    trace = (1 - share) * trace + share * slope * faded[i];
                }
            }
            for (std::size_t j = 0; j < units; ++j) {
                rate[j] = (1 - share) * rate[j] + share * spike[j];
            }
        }
    }

    std::vector<double> rate = std::vector<double>(units);
    std::vector<double> traces = std::vector<double>((features + units + 2) * units);
    double spikes = 0;
};

}  // namespace

TEST_CASE("a spiking neuron leaks, spikes above 1, pays for a spike and shows its late rate") {
    // By hand: v ← v / 2 + x + 2 r − s,  s = v > 1,  r ← r + (s − r) / 4.
    const std::array<double, 6> inputs{0.75, 0.75, 0.75, 0.75, 1.5, 0};
    CHECK(spiking_neuron<1>(inputs) == std::array{0.0, 0.75, 0.0});
    CHECK(spiking_neuron<2>(inputs) == std::array{0.25, 1.125, 1.0});
    CHECK(spiking_neuron<3>(inputs) == std::array{0.1875, 0.8125, 0.0});
    CHECK(spiking_neuron<4>(inputs) == std::array{0.390625, 1.53125, 1.0});
    CHECK(spiking_neuron<5>(inputs) == std::array{0.54296875, 2.046875, 1.0});
    CHECK(spiking_neuron<6>(inputs) == std::array{0.6572265625, 1.109375, 1.0});
}

TEST_CASE("a potential of exactly 1 is no spike") {
    CHECK(spiking_neuron<1>(std::array{1.0}) == std::array{0.0, 1.0, 0.0});
}

TEST_CASE("spiking neurons learn credit × surrogate slope × faded activity, from all that sends") {
    constexpr std::size_t memory = 4;
    constexpr std::size_t window = 8;
    using L = Bound<Lif<units, memory, window>>;
    double spikes = 0;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        Scene<Lif<units, memory, window>> scene(seed);
        (void)scene.value();
        const auto delta = std::make_unique<L::Params>();
        L::correlate<samples>(std::span<const double, samples * steps * features>(scene.in),
                              std::span<const double, samples * units>(scene.worth),
                              *scene.eligibility, *delta);
        std::vector<double> expected((features + units + 2) * units);
        for (std::size_t s = 0; s < samples; ++s) {
            const SpikingReference<memory, window> one(
                *scene.params,
                std::span<const double>(scene.in).subspan(s * steps * features, steps * features));
            spikes += one.spikes;
            for (std::size_t j = 0; j < units; ++j) {
                CHECK(scene.out[s * units + j] == Approx(one.rate[j]).margin(1e-12));
            }
            for (std::size_t i = 0; i < expected.size(); ++i) {
                expected[i] += scene.worth[s * units + i % units] * one.traces[i] / samples;
            }
        }
        std::vector<double> told;
        delta->for_each([&](const auto&, auto, auto values) {
            told.insert(told.end(), values.begin(), values.end());
        });
        REQUIRE(told.size() == expected.size());
        for (std::size_t i = 0; i < told.size(); ++i) {
            // The cell's 0.3 is a float.
            CHECK(told[i] == Approx(expected[i]).epsilon(1e-7).margin(1e-9));
        }
    }
    // Some steps bring spikes and some do not.
    const double chances = 8.0 * samples * steps * units;
    CHECK(spikes > 0.1 * chances);
    CHECK(spikes < 0.9 * chances);
}
