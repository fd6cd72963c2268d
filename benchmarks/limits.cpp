// How far each kind of layer is from what the core can do: convolutions, recurrent layers,
// attention, and products in bfloat16.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "measure/contest.hpp"
#include "measure/update_bench.hpp"
#include "peers/convolutions.hpp"
#include "peers/environment.hpp"
#include "support/architectures.hpp"
#include "support/command_line.hpp"
#include "support/datasets.hpp"
#include "support/designs.hpp"
#include "support/statistics.hpp"
#include "tdca/bottom_up/bfloat16.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/math/bfloat16_product.hpp"
#include "tdca/math/convolution.hpp"
#include "tdca/math/gemm.hpp"
#include "tdca/plasticity/plain.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/lifetime.hpp"
#include "tdca/training/universal.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

constexpr std::size_t samples = 64;
constexpr const char* ours = "tdca";

/// Memory at cache lines, as networks have it.
template <class T>
struct AtCacheLines {
    using value_type = T;
    T* allocate(std::size_t count) {
        return static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t{alignment}));
    }
    void deallocate(T* numbers, std::size_t /*count*/) noexcept {
        ::operator delete(numbers, std::align_val_t{alignment});
    }
    bool operator==(const AtCacheLines& /*other*/) const noexcept { return true; }
};
using Numbers = std::vector<float, AtCacheLines<float>>;

Numbers noise(std::size_t count, std::uint64_t key) {
    Numbers numbers(count);
    Key(key).fill_normal(std::span<float>(numbers));
    return numbers;
}

class Limits {
public:
    explicit Limits(const ProgramOptions& options)
        : report_(run_facts("limits", options)),
          rounds_(options.quick ? measure::Rounds::quick() : measure::Rounds{61, 0.001}),
          quick_(options.quick) {}

    /// a: forward pass and update of a convolution, 3 × 3, padded.
    template <ConvolutionShape S>
    void convolution(double wanted) {
        const Numbers in = noise(samples * S.inputs(), 1);
        const Numbers kernels = noise(S.filters * S.fan_in(), 2);
        const Numbers bias = noise(S.filters, 3);
        const Numbers credit = noise(samples * S.outputs(), 4);
        Numbers maps(samples * S.channels * S.map_size());
        Numbers out(samples * S.outputs());
        Numbers delta(kernels.size());
        Numbers bias_delta(S.filters);
        const auto shape = to_text(S.channels) + " → " + to_text(S.filters) + " at " +
                           to_text(S.rows) + " × " + to_text(S.columns);
        const double flops = 2.0 * samples * static_cast<double>(S.outputs() * S.fan_in());
        const peers::Convolution other{samples, S.channels, S.rows, S.filters, S.extent, S.padding};
        constexpr std::size_t map_count = samples * S.channels * S.map_size();
        const auto lay_out = [&] {
            lay_out_maps<S, samples>(std::span<const float, samples * S.inputs()>(in),
                                     std::span<float, map_count>(maps));
        };
        lay_out();
        contest("forward " + shape, flops, wanted, peer_.forward, other, [&] {
            lay_out();
            convolve<S, samples>(std::span<const float, map_count>(maps),
                                 std::span<const float, S.filters * S.fan_in()>(kernels),
                                 std::span<const float, S.filters>(bias),
                                 std::span<float, samples * S.outputs()>(out));
        });
        contest("update " + shape, flops, wanted, peer_.update, other, [&] {
            correlate_windows<S, samples>(std::span<const float, map_count>(maps),
                                          std::span<const float, samples * S.outputs()>(credit),
                                          std::span<float, S.filters * S.fan_in()>(delta),
                                          std::span<float, S.filters>(bias_delta));
        });
    }

    /// b, c: a whole update.
    ///
    /// @param flops of forward products and of credit × activity
    template <class Net>
    void update(const std::string& name, double flops, double wanted) {
        auto life = measure::ready_to_update<ClassifierLearner<Net>, samples>();
        measure::Contest contest(name, flops);
        contest.add(ours, [&] { life.update(); });
        judge(contest, wanted);
    }

    /// d: products of 784 × 256 and an update of 784-256-256-10, in bfloat16 and in single
    /// precision.
    void bfloat16() {
        constexpr std::size_t inputs = 784;
        constexpr std::size_t outputs = 256;
        const Numbers x = noise(samples * inputs, 1);
        const Numbers w = noise(inputs * outputs, 2);
        const Numbers bias = noise(outputs, 3);
        const Numbers credit = noise(samples * outputs, 4);
        Numbers out(samples * outputs);
        const auto scratch = std::make_unique<Bfloat16Scratch<samples, inputs, outputs>>();
        using X = std::span<const float, samples * inputs>;
        using C = std::span<const float, samples * outputs>;
        const double flops = 2.0 * samples * inputs * outputs;
        const auto drop = [](std::size_t, auto deltas) { measure::keep(deltas.data()); };
        measure::Contest forward("forward 64 x 784 x 256", flops);
        forward.add("bfloat16", [&] {
            affine_in_bfloat16<samples, inputs, outputs>(
                X(x), std::span<const float, inputs * outputs>(w),
                std::span<const float, outputs>(bias), std::span<float, samples * outputs>(out),
                *scratch);
        });
        forward.add("single", [&] {
            affine<samples, inputs, outputs>(X(x), std::span<const float, inputs * outputs>(w),
                                             std::span<const float, outputs>(bias),
                                             std::span<float, samples * outputs>(out));
        });
        measure::Contest update("update 64 x 784 x 256", flops);
        update.add("bfloat16", [&] {
            mean_outer_each_in_bfloat16<samples, inputs, outputs>(X(x), C(credit), *scratch, drop);
        });
        update.add("single",
                   [&] { mean_outer_each<samples, inputs, outputs>(X(x), C(credit), drop); });
        judge(forward, simd::has_bfloat16 ? 1.5 : 0, "bfloat16");
        judge(update, simd::has_bfloat16 ? 1.5 : 0, "bfloat16");

        using Single = DenseClassifier<784, 256, 256>;
        using Half = Bfloat16Network<Input<784>, Dense<256, Relu>, Dense<256, Relu>,
                                     Dense<10, Softmax, ScaledNormal>>;
        auto single = measure::ready_to_update<PlainLearner<Single>, samples>();
        auto half = measure::ready_to_update<PlainLearner<Half>, samples>();
        measure::Contest whole("784-256-256-10, plain", measure::useful_flops<Single>(samples));
        whole.add("bfloat16", [&] { half.update(); });
        whole.add("single", [&] { single.update(); });
        const auto result = judge(whole, 0, "bfloat16");
        const double ratio = result.ratio("single", "bfloat16").median;
        if (simd::has_bfloat16) require(ratio >= 1.3, result.name(), "times as fast", ratio, 1.3);
        accuracy<Single, Half>();
    }

    [[nodiscard]] bool holds() const noexcept { return holds_; }
    [[nodiscard]] const std::string& worst() const noexcept { return worst_; }
    [[nodiscard]] const Json& report() const noexcept { return report_; }

private:
    template <class Net>
    using PlainLearner = Learner<Net, ClassifierTopDown<10>, PlainPlasticity>;

    template <class Make, class Work>
    void contest(const std::string& name, double flops, double wanted, const Make& make,
                 const peers::Convolution& shape, Work&& work) {
        measure::Contest contest(name, flops);
        contest.add(ours, work);
        report_["peers"][peer_.name] = peer_.detail;
        if (make) contest.add(peer_.name, make(shape));
        judge(contest, wanted);
    }

    measure::ContestResult judge(const measure::Contest& contest, double wanted,
                                 const std::string& whose = ours) {
        auto result = contest.run(rounds_);
        result.print();
        report_["contests"][result.name()] = result.report();
        if (wanted > 0) {
            require(result.fraction_of_peak(whose).median >= wanted, result.name(),
                    "of the FMA peak", result.fraction_of_peak(whose).median, wanted);
        }
        return result;
    }

    void require(bool met, const std::string& name, const char* what, double found, double wanted) {
        if (met) return;
        holds_ = false;
        char text[200];
        std::snprintf(text, sizeof text, "%s%s: %.2f %s, wanted %.2f", worst_.empty() ? "" : "; ",
                      name.c_str(), found, what, wanted);
        worst_ += text;
    }

    /// Lives of ten passes through Fashion-MNIST in both precisions, from the same seeds.
    template <class Single, class Half>
    void accuracy() {
        const ExperimentData data = load_dataset("fashion_mnist");
        const std::size_t lives = quick_ ? 1 : 24;
        const std::size_t updates = quick_ ? 10 : 10 * data.train().size() / samples;
        const auto genome = universal_genome();
        std::vector<double> differences;
        for (std::size_t seed = 0; seed < lives; ++seed) {
            const auto score = [&]<class Net>(std::type_identity<Net>) {
                Lifetime<ClassifierLearner<Net>, samples> life;
                life.live(genome, data.train(), Key(seed), updates);
                return 100 * life.evaluate(data.test()).accuracy;
            };
            const double single = score(std::type_identity<Single>{});
            const double half = score(std::type_identity<Half>{});
            report_["lives"].push_back({{"seed", seed}, {"single", single}, {"bfloat16", half}});
            differences.push_back(half - single);
        }
        const Summary summary = summarize(differences);
        report_["accuracy_difference"] = to_json(summary);
        std::printf(
            "accuracy in bfloat16 less that in single precision: %+.3f ± %.3f points, "
            "%zu lives of %zu updates\n",
            summary.mean, summary.margin(), lives, updates);
        if (!quick_) {
            require(std::abs(summary.mean) <= 0.1, "accuracy", "points apart", summary.mean, 0.1);
        }
    }

    Json report_;
    measure::Rounds rounds_;
    bool quick_;
    bool holds_ = true;
    std::string worst_;
    peers::ConvolutionPeer peer_ = peers::onednn_convolution();
};

/// FLOPs of a recurrent layer's sums and, as many again, of what its synapses are told; and of the
/// ten outputs.
constexpr double recurrent_flops(double gates) {
    return 4.0 * samples * (28 * gates * 64 * (28 + 64) + 64 * 10);
}

/// FLOPs of `AttendedRows`: three projections, two products of tokens with tokens and four for what
/// they are told, dense layers.
constexpr double attention_flops =
    4.0 * samples * (3 * 28 * 28 * 32 + 896 * 64 + 64 * 10) + 12.0 * samples * 28 * 28 * 32;

}  // namespace

int main(int argc, char** argv) {
    peers::prepare_environment(argv, true);
    ProgramOptions options;
    CommandLine line("How far layers are from the core's limit", "limits");
    options.add_to(line);
    std::string points = "abcd";
    line.text("--points", points, "which of a, b, c and d");
    return run_program(line, argc, argv, [&] {
        Limits limits(options);
        const auto has = [&](char point) { return points.find(point) != std::string::npos; };
        if (has('a')) {
            limits.convolution<ConvolutionShape{1, 28, 28, 8, 3, 1, 1}>(0.5);
            limits.convolution<ConvolutionShape{8, 14, 14, 16, 3, 1, 1}>(0.7);
            limits.convolution<ConvolutionShape{16, 14, 14, 32, 3, 1, 1}>(0.7);
        }
        if (has('b')) {
            limits.update<Convolutional>("update of 8 and 16 maps, 3 × 3",
                                         4.0 * samples * (8 * 784 * 9 + 16 * 196 * 72 + 784 * 10),
                                         0.5);
        }
        if (has('c')) {
            // Twice the shares that the same updates had when traces took in step after step.
            limits.update<Rows<Gru<64>>>("Gru<64>, 28 rows", recurrent_flops(3), 0.5);
            limits.update<Rows<Lstm<64>>>("Lstm<64>, 28 rows", recurrent_flops(4), 0.2);
            // Wanted is a ratio to PyTorch, which architecture_speed takes: this is shown.
            limits.update<AttendedRows>("attention over 28 rows", attention_flops, 0);
        }
        if (has('d')) limits.bfloat16();
        if (!options.json.empty()) save_json(options.json, limits.report());
        const bool holds = limits.holds();
        std::printf(
            "%s  %s: %s\n", holds ? "holds " : "FAILS ", points.c_str(),
            holds ? "all shares of the FMA peak are what was wanted" : limits.worst().c_str());
        return options.quick || holds ? 0 : 1;
    });
}
