// The gradients of the policy baselines against differences of objectives that are written down
// here once more, in double precision and without any of the library.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "baseline/backprop.hpp"
#include "baseline/gradient_network.hpp"
#include "baseline/policy_loss.hpp"
#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/initializers.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/control/reward_signal.hpp"
#include "tdca/core/random.hpp"
#include "tdca/credit/centring.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/plasticity/schedule.hpp"

using namespace tdca;
using baseline::PolicyObjective;

namespace {

constexpr std::size_t inputs = 3;
constexpr std::size_t hidden = 5;
constexpr std::size_t outputs = 3;
constexpr std::size_t samples = 8;

template <class Output>
using Net =
    Network<Input<inputs>, Dense<hidden, Tanh, ScaledNormal>, Dense<outputs, Output, ScaledNormal>>;

struct Sample {
    std::array<double, inputs> seen;
    std::array<double, outputs> action;
    std::size_t choice;
    double advantage;
    double log_then;
};

std::vector<Sample> draw(std::uint64_t seed, bool is_discrete) {
    std::vector<Sample> batch(samples);
    for (std::size_t s = 0; s < samples; ++s) {
        std::array<float, inputs + outputs + 2> numbers;
        (Key(seed) / s).fill_normal(std::span<float>(numbers));
        Sample& sample = batch[s];
        std::copy_n(numbers.begin(), inputs, sample.seen.begin());
        std::copy_n(numbers.begin() + inputs, outputs, sample.action.begin());
        sample.choice = s % outputs;
        sample.advantage = numbers[inputs + outputs];
        // Ratios on both sides of the clipped range.
        sample.log_then = (is_discrete ? -1.1 : -2.5) + 0.4 * numbers[inputs + outputs + 1];
    }
    return batch;
}

/// The sums of the output units, from parameters as one vector: weights and biases, layer by layer.
std::array<double, outputs> sums(const std::vector<double>& w, const Sample& sample) {
    std::array<double, hidden> h{};
    std::size_t at = 0;
    for (std::size_t i = 0; i < inputs; ++i) {
        for (double& x : h) x += sample.seen[i] * w[at++];
    }
    for (double& x : h) x = std::tanh(x + w[at++]);
    std::array<double, outputs> z{};
    for (const double x : h) {
        for (double& sum : z) sum += x * w[at++];
    }
    for (double& sum : z) sum += w[at++];
    return z;
}

double surrogate(const PolicyObjective& objective, double log_now, const Sample& sample) {
    if (!objective.is_clipped) return log_now * sample.advantage;
    const auto clip = static_cast<double>(objective.clip);
    const double ratio = std::exp(log_now - sample.log_then);
    return std::min(ratio * sample.advantage,
                    std::clamp(ratio, 1 - clip, 1 + clip) * sample.advantage);
}

double of_choices(const PolicyObjective& objective, const std::vector<double>& w,
                  const std::vector<Sample>& batch) {
    double total = 0;
    for (const Sample& sample : batch) {
        const auto z = sums(w, sample);
        double norm = 0;
        for (const double x : z) norm += std::exp(x);
        double entropy = 0;
        for (const double x : z) entropy -= std::exp(x) / norm * (x - std::log(norm));
        total += surrogate(objective, z[sample.choice] - std::log(norm), sample) +
                 static_cast<double>(objective.entropy) * entropy;
    }
    return total / samples;
}

constexpr std::array<double, outputs> log_deviation{-0.3, 0.1, -0.6};

double of_numbers(const PolicyObjective& objective, const std::vector<double>& w,
                  const std::vector<Sample>& batch) {
    double total = 0;
    for (const Sample& sample : batch) {
        const auto z = sums(w, sample);
        double log_now = 0;
        for (std::size_t a = 0; a < outputs; ++a) {
            const double away = (sample.action[a] - z[a]) / std::exp(log_deviation[a]);
            log_now -= 0.5 * away * away + log_deviation[a];
        }
        total += surrogate(objective, log_now, sample);
    }
    return total / samples;
}

template <class Params>
std::vector<double> flatten(const Params& params) {
    std::vector<double> all;
    std::apply(
        [&](const auto&... block) {
            const auto add = [&](const auto& tensor) {
                all.insert(all.end(), tensor.begin(), tensor.end());
            };
            ((add(block.template get<"weights">()), add(block.template get<"bias">())), ...);
        },
        params);
    return all;
}

/// What the network sees of a batch.
std::array<float, samples * inputs> sights(const std::vector<Sample>& batch) {
    std::array<float, samples * inputs> in;
    for (std::size_t i = 0; i < in.size(); ++i) {
        in[i] = static_cast<float>(batch[i / inputs].seen[i % inputs]);
    }
    return in;
}

/// Holds a gradient against central differences of `value`.
template <class Value>
void check_differences(const std::vector<double>& gradient, const std::vector<double>& params,
                       std::uint64_t seed, Value&& value) {
    for (std::size_t i = 0; i < params.size(); ++i) {
        constexpr double step = 1e-5;
        std::vector<double> up = params;
        std::vector<double> down = params;
        up[i] += step;
        down[i] -= step;
        INFO("parameter " << i << ", seed " << seed);
        CHECK(gradient[i] == Approx((value(up) - value(down)) / (2 * step)).margin(2e-5));
    }
}

template <class Output>
void check(bool is_discrete, const PolicyObjective& objective, std::uint64_t seed) {
    using Trained = baseline::GradientNetwork<Net<Output>, samples>;
    const auto network = std::make_unique<Trained>();
    network->begin(Key(seed), 1);
    const auto batch = draw(seed, is_discrete);
    const auto in = sights(batch);
    const auto out = network->forward(in);
    const auto credits = network->output_credits();
    std::array<float, outputs> log_width;
    std::copy(log_deviation.begin(), log_deviation.end(), log_width.begin());
    for (std::size_t s = 0; s < samples; ++s) {
        const std::span<const float, outputs> p(out.data() + s * outputs, outputs);
        const std::span<float, outputs> credit(credits.data() + s * outputs, outputs);
        const auto advantage = static_cast<float>(batch[s].advantage);
        const auto then = static_cast<float>(batch[s].log_then);
        if (is_discrete) {
            baseline::choice_gradient<outputs>(objective, p, batch[s].choice, advantage, then,
                                               credit);
        } else {
            std::array<float, outputs> action;
            std::copy(batch[s].action.begin(), batch[s].action.end(), action.begin());
            std::array<float, outputs> ignored{};
            baseline::number_gradient<outputs>(objective, p, action, log_width, advantage, then,
                                               credit, ignored);
        }
    }
    network->accumulate(in, 1);
    const std::vector<double> gradient = flatten(network->gradient());
    const std::vector<double> params = flatten(network->params());
    check_differences(gradient, params, seed, [&](const std::vector<double>& w) {
        return is_discrete ? of_choices(objective, w, batch) : of_numbers(objective, w, batch);
    });
}

}  // namespace

TEST_CASE("Gradients of choices are those of the objective, with clipping and without") {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        check<Softmax>(true, {false, 0.2F, 0.0F}, seed);
        check<Softmax>(true, {false, 0.2F, 0.05F}, seed);
        check<Softmax>(true, {true, 0.2F, 0.01F}, seed);
    }
}

TEST_CASE("Gradients of numbers are those of the objective, with clipping and without") {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        check<Identity>(false, {false, 0.2F, 0.0F}, seed);
        check<Identity>(false, {true, 0.2F, 0.0F}, seed);
    }
}

TEST_CASE("Exact credits in a policy's life are the gradient of its log-likelihoods") {
    using Policy = Net<Softmax>;
    using Exact = baseline::BackpropLearner<Policy, AdamPlasticity, StepSchedule<>, CreditCentring,
                                            DiscreteRewardSignal<outputs>>;
    struct Memory {
        Policy::Params params;
        Policy::Params gradient;
        Policy::Activities<samples> activities;
        Policy::Eligibilities<samples> eligibilities;
        Exact::Assignment<samples> assignment;
    };
    const auto memory = std::make_unique<Memory>();
    const PolicyObjective plain{false, 0.2F, 0.0F};
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const auto batch = draw(seed, true);
        const auto in = sights(batch);
        Policy::initialize(memory->params, Key(seed));
        Policy::forward<samples>(memory->params, std::span<const float, samples * inputs>(in),
                                 memory->activities, memory->eligibilities);
        const auto out = memory->activities.get<Policy::depth - 1>();
        std::array<Exact::Target, samples> told;
        for (std::size_t s = 0; s < samples; ++s) {
            const std::size_t choice = batch[s].choice;
            told[s] = {static_cast<std::uint32_t>(choice), static_cast<float>(batch[s].advantage),
                       out[s * outputs + choice], std::numeric_limits<float>::infinity()};
        }
        (void)Exact::backpropagate<samples>(std::span<const Exact::Target, samples>(told),
                                            memory->activities, memory->params, memory->assignment);
        Policy::for_each_layer([&](auto i) {
            Policy::layer<i>::template correlate<samples>(
                Policy::below<i, samples>(std::span<const float, samples * inputs>(in),
                                          memory->activities),
                std::as_const(memory->assignment.credits).template get<i>(),
                std::get<i>(memory->eligibilities), std::get<i>(memory->gradient));
        });
        const std::vector<double> gradient = flatten(memory->gradient);
        const std::vector<double> params = flatten(memory->params);
        check_differences(gradient, params, seed, [&](const std::vector<double>& w) {
            return of_choices(plain, w, batch);
        });
    }
}

TEST_CASE("Gradients of deviations are those of the objective") {
    const std::array<float, 1> mean{0.3F};
    const std::array<float, 1> action{1.1F};
    const std::array<float, 1> width{-0.4F};
    std::array<float, 1> credit{};
    std::array<float, 1> gradient{};
    baseline::number_gradient<1>({false, 0.2F, 0.1F}, std::span<const float, 1>(mean), action,
                                 width, 2.0F, 0.0F, std::span<float, 1>(credit), gradient);
    const auto value = [](double log_width) {
        const double away = 0.8 / std::exp(log_width);
        return 2 * (-0.5 * away * away - log_width) + 0.1 * log_width;
    };
    CHECK(gradient[0] == Approx((value(-0.4 + 1e-5) - value(-0.4 - 1e-5)) / 2e-5).epsilon(1e-4));
}
