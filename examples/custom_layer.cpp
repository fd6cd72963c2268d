// A layer of one's own: neurons that see one patch of the image each, trained by the shipped
// genome.
//
// One struct with a nested Bound: nothing else needs to know of it, nothing is evolved for it.
#include <array>
#include <cstdio>

#include "support/fashion_mnist.hpp"
#include "support/program.hpp"
#include "tdca/presets.hpp"

using namespace tdca;

/// Cuts an image into square patches and gives each `Units` neurons of its own (locally connected,
/// weights not shared).
template <std::size_t Patch, std::size_t Units, ElementwiseActivation Function = Relu>
struct LocalPatches {
    template <class Scalar, class InputShape>
    struct Bound;  // only images bind
    template <class Scalar, std::size_t Rows, std::size_t Columns>
        requires(Rows % Patch == 0 && Columns % Patch == 0)
    struct Bound<Scalar, Shape<Rows, Columns>> {
        static constexpr std::size_t across = Columns / Patch;
        static constexpr std::size_t patches = Rows / Patch * across;
        static constexpr std::size_t pixels = Patch * Patch;
        static constexpr std::size_t inputs = Rows * Columns;
        static constexpr std::size_t outputs = patches * Units;

        using input_shape = Shape<Rows, Columns>;
        using output_shape = Shape<patches, Units>;
        using Params = Parameters<Scalar, Parameter<"weights", Shape<patches, pixels, Units>>,
                                  Parameter<"bias", Shape<patches, Units>>>;
        static constexpr std::size_t fan_in = pixels;
        template <std::size_t Samples>
        using Eligibility = NoEligibility;

        static void initialize(Params& params, Key key) noexcept {
            const auto weights = params.template get<"weights">();
            HeNormal::fill(std::span<Scalar>(weights), pixels, Units, key);
            for (Scalar& bias : params.template get<"bias">()) bias = 0;
        }

        template <std::size_t Samples>
        static void forward(const Params& params, std::span<const Scalar, Samples * inputs> in,
                            std::span<Scalar, Samples * outputs> out,
                            NoEligibility& /*eligibility*/) noexcept {
            const auto weights = params.template get<"weights">();
            const auto bias = params.template get<"bias">();
            for (std::size_t s = 0; s < Samples; ++s) {
                for (std::size_t p = 0; p < patches; ++p) {
                    std::array<Scalar, Units> sums;
                    for (std::size_t u = 0; u < Units; ++u) sums[u] = bias[p * Units + u];
                    for (std::size_t i = 0; i < pixels; ++i) {
                        const Scalar x = in[s * inputs + pixel(p, i)];
                        for (std::size_t u = 0; u < Units; ++u)
                            sums[u] += x * weights[(p * pixels + i) * Units + u];
                    }
                    for (std::size_t u = 0; u < Units; ++u)
                        out[s * outputs + p * Units + u] = Function::apply(sums[u]);
                }
            }
        }

        template <std::size_t Samples>
        static void correlate(std::span<const Scalar, Samples * inputs> in,
                              std::span<const Scalar, Samples * outputs> credit,
                              const NoEligibility& /*eligibility*/, Params& delta) noexcept {
            const auto weights = delta.template get<"weights">();
            const auto bias = delta.template get<"bias">();
            constexpr Scalar scale = Scalar{1} / Samples;
            for (Scalar& value : delta.flat()) value = 0;
            for (std::size_t s = 0; s < Samples; ++s) {
                for (std::size_t p = 0; p < patches; ++p) {
                    for (std::size_t u = 0; u < Units; ++u)
                        bias[p * Units + u] += scale * credit[s * outputs + p * Units + u];
                    for (std::size_t i = 0; i < pixels; ++i) {
                        const Scalar x = scale * in[s * inputs + pixel(p, i)];
                        for (std::size_t u = 0; u < Units; ++u)
                            weights[(p * pixels + i) * Units + u] +=
                                x * credit[s * outputs + p * Units + u];
                    }
                }
            }
        }

        template <std::size_t Samples>
        static void gate(std::span<const Scalar, Samples * outputs> out,
                         const NoEligibility& /*eligibility*/,
                         std::span<Scalar, Samples * outputs> credit) noexcept {
            for (std::size_t i = 0; i < Samples * outputs; ++i)
                credit[i] *= Function::slope(out[i]);
        }

    private:
        /// Where pixel `i` of patch `p` stands in the image.
        static constexpr std::size_t pixel(std::size_t p, std::size_t i) {
            return (p / across * Patch + i / Patch) * Columns + p % across * Patch + i % Patch;
        }
    };
};

using Net =
    Network<Input<28, 28>, LocalPatches<7, 8>, Dense<32, Relu>, Dense<10, Softmax, ScaledNormal>>;

int main(int argc, char** argv) {
    return support::run_program(
        "custom_layer", "Trains a layer of one's own on Fashion-MNIST", argc, argv,
        [](const support::ProgramOptions& options) {
            const support::FashionMnist data;
            const std::size_t updates = options.quick ? 100 : 1000;
            Classifier<Net> classifier(options.seed);
            classifier.fit(data.train(), updates);
            const double accuracy = classifier.evaluate(data.validation()).accuracy;
            std::printf("validation accuracy after %zu updates: %.2f %% with %zu parameters\n",
                        updates, 100 * accuracy, Net::parameter_count);
            support::save_report("custom_layer", options, {{"validation_accuracy", accuracy}});
            return 0;
        });
}
