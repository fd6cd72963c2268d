// Every step of the ladder from exact gradients to credits against differences in double precision.
#include "baseline/ladder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "baseline/backprop.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/centring.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/signal/classification.hpp"

namespace {

using namespace tdca;
using baseline::Step;

constexpr std::size_t samples = 8;
constexpr std::size_t inputs = 5;
constexpr std::size_t classes = 3;
constexpr std::size_t hidden = 2;
using Net = Network<Input<inputs>, Dense<6, Relu>, Dense<4, Tanh>, Dense<classes, Softmax>>;
template <Step Rung>
using Ladder = baseline::LadderLearner<Net, ClassificationSignal<classes>, Rung>;

/// A network in double precision, written plainly: weights input-major, then biases.
struct Plain {
    std::array<std::vector<double>, 3> params;
    std::array<std::vector<double>, hidden> feedback;  // output units × neurons
    static constexpr std::array<std::size_t, 4> widths{inputs, 6, 4, classes};

    /// Activities of all layers of one sample; sums, and not a softmax, at the top.
    [[nodiscard]] std::array<std::vector<double>, 3> forward(const double* in) const {
        std::array<std::vector<double>, 3> out;
        for (std::size_t l = 0; l < 3; ++l) {
            out[l].resize(widths[l + 1]);
            for (std::size_t o = 0; o < widths[l + 1]; ++o) {
                double sum = params[l][widths[l] * widths[l + 1] + o];
                for (std::size_t i = 0; i < widths[l]; ++i) {
                    sum += in[i] * params[l][i * widths[l + 1] + o];
                }
                out[l][o] = l == 0 ? std::fmax(sum, 0) : l == 1 ? std::tanh(sum) : sum;
            }
            in = out[l].data();
        }
        return out;
    }
};

double log_probability(const std::vector<double>& sums, std::size_t label) {
    double total = 0;
    for (const double sum : sums) total += std::exp(sum);
    return sums[label] - std::log(total);
}

/// One update's credits of a step, and what they should be the gradient of.
template <Step Rung>
struct Case {
    using Learner = Ladder<Rung>;
    using Top = typename Learner::TopDown;

    typename Learner::Genome genome;
    std::unique_ptr<typename Learner::State> state = std::make_unique<typename Learner::State>();
    std::unique_ptr<typename Learner::template Workspace<samples>> workspace =
        std::make_unique<typename Learner::template Workspace<samples>>();
    std::array<float, samples * inputs> in;
    std::array<std::uint16_t, samples> labels;
    Plain plain;
    std::array<double, hidden> weight{};  // α
    double gain = 0;                      // r
    Progress progress;

    Case() {
        Learner::initialize(genome, Key(1));
        std::vector<float> genes(Learner::Genome::count);
        std::vector<float> noise(genes.size());
        genome.write(std::span<float, Learner::Genome::count>(genes));
        Key(2).fill_normal(std::span<float>(noise));
        for (std::size_t i = 0; i < genes.size(); ++i) genes[i] += 0.3F * noise[i];
        genome.read(std::span<const float, Learner::Genome::count>(genes));
        Key(3).fill_normal(std::span<float>(in));
        for (std::size_t s = 0; s < samples; ++s) {
            labels[s] = static_cast<std::uint16_t>((2 * s + 1) % classes);
        }
        Learner::begin(genome, Key(4), 5, *state);
        Net::for_each_layer([&](auto i) {
            auto& layer = std::get<i>(state->params);
            for (float& bias : layer.template get<"bias">()) bias = 0.1F;
            for (const float w : layer.template get<"weights">())
                plain.params[i].push_back(double{w});
            for (const float b : layer.template get<"bias">()) plain.params[i].push_back(double{b});
        });
        Top::template for_each_hidden<Net>([&](auto i) {
            Top::template with_weights<Net, i>(state->top_down, [&](auto weights) {
                for (const float f : weights) plain.feedback[i].push_back(double{f});
            });
        });
        Learner::template forward<samples>(std::span<const float, samples * inputs>(in), *state,
                                           workspace->activities, workspace->eligibilities);
        progress = Learner::template assign<samples>(
            genome, 5, std::span<const std::uint16_t, samples>(labels), workspace->activities,
            workspace->eligibilities, *state, workspace->assignment);
        gain = std::exp(double{genome.template get<"top_down">()
                                   .template get<"prediction">()
                                   .template get<"log_gain">()[0]});
        weight = {double{Learner::template guess_weight<0>(genome, progress)},
                  double{Learner::template guess_weight<1>(genome, progress)}};
    }

    /// Log-likelihood of layer `l`'s guesses, mean over samples.
    [[nodiscard]] double guesses(std::size_t l) const {
        double total = 0;
        for (std::size_t s = 0; s < samples; ++s) {
            std::array<double, inputs> x;
            for (std::size_t i = 0; i < inputs; ++i) x[i] = double{in[s * inputs + i]};
            const auto activity = plain.forward(x.data())[l];
            std::vector<double> sums(classes);
            for (std::size_t c = 0; c < classes; ++c) {
                for (std::size_t j = 0; j < activity.size(); ++j) {
                    sums[c] += gain / static_cast<double>(activity.size()) * activity[j] *
                               plain.feedback[l][c * activity.size() + j];
                }
            }
            total += log_probability(sums, labels[s]) / samples;
        }
        return total;
    }

    /// What weights climb: the top's sums along what is sent down from it, which is held still; and
    /// the layers' own log-likelihoods.
    [[nodiscard]] double objective() const {
        double total = 0;
        for (std::size_t s = 0; s < samples; ++s) {
            std::array<double, inputs> x;
            for (std::size_t i = 0; i < inputs; ++i) x[i] = double{in[s * inputs + i]};
            const auto sums = plain.forward(x.data())[2];
            for (std::size_t c = 0; c < classes; ++c) {
                total += double{workspace->assignment.top_down.modulated[s * classes + c]} *
                         sums[c] / samples;
            }
        }
        if constexpr (Rung == Step::guesses) {
            for (std::size_t l = 0; l < hidden; ++l) total += weight[l] * guesses(l);
        }
        return total;
    }

    /// The mean of `carried` × activity, layer by layer, against differences.
    void check_gradient() {
        Net::for_each_layer([&](auto i) {
            if constexpr (i < hidden) {
                using L = typename Net::template layer<i>;
                typename L::Params delta;
                L::template correlate<samples>(
                    Net::template below<i, samples>(std::span<const float, samples * inputs>(in),
                                                    workspace->activities),
                    std::as_const(workspace->assignment.carried).template get<i>(), {}, delta);
                check(plain.params[i], delta, [&] { return objective(); });
            }
        });
    }

    template <class Block, class Value>
    static void check(std::vector<double>& parameters, const Block& delta, Value&& value,
                      double scale = 1) {
        std::vector<double> expected;
        delta.for_each([&](auto&&, auto, auto values) {
            for (const float v : values) expected.push_back(scale * double{v});
        });
        REQUIRE(expected.size() == parameters.size());
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const double saved = parameters[i];
            parameters[i] = saved + 1e-5;
            const double up = value();
            parameters[i] = saved - 1e-5;
            const double down = value();
            parameters[i] = saved;
            CHECK(expected[i] == Approx((up - down) / 2e-5).epsilon(1e-4).margin(3e-7));
        }
    }
};

}  // namespace

TEMPLATE_TEST_CASE_SIG("each step of the ladder hands down an exact gradient", "[reference]",
                       ((Step Rung), Rung), Step::exact, Step::error, Step::gates, Step::guesses) {
    Case<Rung>().check_gradient();
}

TEST_CASE("L1 is the gradient of the loss, and L2 of an error that was modulated", "[reference]") {
    Case<Step::exact> exact;
    // With the softmax's own error, the objective's gradient is the log-likelihood's.
    const auto likelihood = [&] {
        double total = 0;
        for (std::size_t s = 0; s < samples; ++s) {
            std::array<double, inputs> x;
            for (std::size_t i = 0; i < inputs; ++i) x[i] = double{exact.in[s * inputs + i]};
            total += log_probability(exact.plain.forward(x.data())[2], exact.labels[s]) / samples;
        }
        return total;
    };
    using L = Net::layer<0>;
    L::Params delta;
    L::correlate<samples>(std::span<const float, samples * inputs>(exact.in),
                          std::as_const(exact.workspace->assignment.credits).get<0>(), {}, delta);
    Case<Step::exact>::check(exact.plain.params[0], delta, likelihood);

    Case<Step::error> error;
    const auto& modulated = error.workspace->assignment.top_down.modulated;
    const auto& errors = error.workspace->assignment.top_down.errors;
    double change = 0;
    for (std::size_t i = 0; i < errors.size(); ++i) change += std::abs(modulated[i] - errors[i]);
    CHECK(change > 0.1);
    CHECK(std::ranges::equal(exact.workspace->assignment.top_down.modulated, errors));
}

TEST_CASE("L1 of the ladder is evolved backprop", "[reference]") {
    using Backprop = baseline::BackpropLearner<Net, AdamPlasticity, StepSchedule<>, CreditCentring>;
    Case<Step::exact> exact;
    Backprop::State state;
    auto assignment = std::make_unique<Backprop::Assignment<samples>>();
    state.params = exact.state->params;
    Backprop::backpropagate<samples>(std::span<const std::uint16_t, samples>(exact.labels),
                                     exact.workspace->activities, state.params, *assignment);
    Net::for_each_layer([&](auto i) {
        CHECK(std::ranges::equal(assignment->credits.get<i>(),
                                 exact.workspace->assignment.credits.template get<i>()));
    });
}

TEST_CASE("L3 has a layer's own gate and restraint on what it learns from", "[reference]") {
    Case<Step::gates> gates;
    const auto& assignment = gates.workspace->assignment;
    float error = 0;
    for (std::size_t s = 0; s < samples; ++s) error += assignment.top_down.unit.norms[s] / samples;
    const auto carried = assignment.carried.get<1>();
    const auto credit = assignment.credits.get<1>();
    const auto activity = gates.workspace->activities.get<1>();
    const float gain = gates.state->top_down.gains[1];
    CHECK(std::abs(gain - 1) > 0.01F);
    for (std::size_t i = 0; i < credit.size(); ++i) {
        const float slope = 1 - activity[i] * activity[i];
        const float expected =
            gain * carried[i] - error * gates.state->top_down.restraint * activity[i] * slope;
        CHECK(credit[i] == Approx(expected).margin(1e-6));
    }
}

TEST_CASE("L4's feedback climbs the likelihood of its own layer's guesses", "[reference]") {
    Case<Step::guesses> guesses;
    // Birth gave it a step of Adam already: the deltas are those of the weights before.
    const auto check_layer = [&](auto i) {
        const auto& delta = std::get<i>(guesses.workspace->assignment.feedback_deltas);
        const std::size_t units = guesses.plain.feedback[i].size() / classes;
        const auto neurons = static_cast<double>(units);
        Case<Step::guesses>::check(
            guesses.plain.feedback[i], delta, [&] { return guesses.guesses(i); },
            guesses.gain / neurons);
    };
    check_layer(std::integral_constant<std::size_t, 0>{});
    check_layer(std::integral_constant<std::size_t, 1>{});
}
