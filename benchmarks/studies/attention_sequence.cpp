// Which of the digits was asked for? Five images and a question, and the answer is the class of one
// of them: attention finds it, an average cannot. Learned by credits, under the universal genome as
// it is, which never saw a sequence.
//
// Tokens are an image of 8 × 8 and a code of its place, one of five. The last token has no image,
// but the code of the place that is asked for. What averages all tokens alike, Σ v_t with v linear
// in the token, sees the sum of the images and which place was asked for, but not which image stood
// there: codes and images are added up apart. It can guess among the digits that it sees, no more.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "support/alignment.hpp"
#include "support/architecture_table.hpp"
#include "support/datasets.hpp"
#include "tdca/bottom_up/attention.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/initializers.hpp"
#include "tdca/core/number.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

constexpr std::size_t places = 5;
constexpr std::size_t tokens = places + 1;
constexpr std::size_t pixels = 64;
constexpr std::size_t features = pixels + places;

/// Attention without attention: every token looks at all tokens alike, and values are learned.
///
/// A user's own layer of the family: `Params`, `forward`, `correlate` and `gate` are all there is.
/// A token's credit is told on to all values alike.
template <std::size_t Width>
struct UniformAttention {
    template <class Scalar, class InputShape>
    struct Bound;

    template <class Scalar, std::size_t Tokens, std::size_t Features>
    struct Bound<Scalar, Shape<Tokens, Features>> {
        static constexpr std::size_t fan_in = Features;
        using input_shape = Shape<Tokens, Features>;
        using output_shape = Shape<Tokens, Width>;
        using Params = Parameters<Scalar, Parameter<"value", Shape<Features, Width>>>;
        template <std::size_t Samples>
        using Eligibility = NoEligibility;

        static void initialize(Params& params, Key key) noexcept {
            ScaledNormal::fill(std::span<Scalar>(params.template get<"value">()), Features, Width,
                               key);
        }

        template <std::size_t Samples>
        static void forward(const Params& params,
                            std::span<const Scalar, Samples * Tokens * Features> in,
                            std::span<Scalar, Samples * Tokens * Width> out,
                            NoEligibility& /*eligibility*/) noexcept {
            const auto means = mean_tokens<Samples>(in);
            std::array<Scalar, Samples * Width> values;
            multiply<Samples, Features, Width>(std::span<const Scalar, Samples * Features>(means),
                                               params.template get<"value">(),
                                               std::span<Scalar, Samples * Width>(values));
            for (std::size_t i = 0; i < out.size(); ++i) {
                out[i] = values[i / (Tokens * Width) * Width + i % Width];
            }
        }

        template <std::size_t Samples>
        static void correlate(std::span<const Scalar, Samples * Tokens * Features> in,
                              std::span<const Scalar, Samples * Tokens * Width> credit,
                              const NoEligibility& /*eligibility*/, Params& delta) noexcept {
            const auto means = mean_tokens<Samples>(in);
            std::array<Scalar, Samples * Width> told{};
            for (std::size_t i = 0; i < credit.size(); ++i) {
                told[i / (Tokens * Width) * Width + i % Width] += credit[i];
            }
            mean_outer<Samples, Features, Width>(std::span<const Scalar, Samples * Features>(means),
                                                 std::span<const Scalar, Samples * Width>(told),
                                                 delta.template get<"value">());
        }

        /// An average is linear.
        template <std::size_t Samples>
        static void gate(std::span<const Scalar, Samples * Tokens * Width> /*out*/,
                         const NoEligibility& /*eligibility*/,
                         std::span<Scalar, Samples * Tokens * Width> /*credit*/) noexcept {}

    private:
        template <std::size_t Samples>
        static std::array<Scalar, Samples * Features> mean_tokens(
            std::span<const Scalar, Samples * Tokens * Features> in) noexcept {
            std::array<Scalar, Samples * Features> means{};
            for (std::size_t i = 0; i < in.size(); ++i) {
                means[i / (Tokens * Features) * Features + i % Features] +=
                    in[i] / static_cast<Scalar>(Tokens);
            }
            return means;
        }
    };
};

template <class Layer>
using Reader =
    Network<Input<tokens, features>, Layer, Dense<64, Relu>, Dense<10, Softmax, ScaledNormal>>;

/// `count` sequences of images drawn from `images`, all of them from `key`.
Dataset sequences(const Subset& images, std::size_t count, Key key) {
    // A code has as much power as so many standardised pixels.
    const float loudness = std::sqrt(static_cast<float>(places));
    return generate("sequences of digits", count, tokens * features, images.classes(),
                    [&](std::size_t i, std::span<float> sequence) {
                        std::ranges::fill(sequence, 0.0F);
                        const std::size_t asked = (key / i).below(places, 0);
                        std::uint16_t label = 0;
                        for (std::size_t place = 0; place < places; ++place) {
                            const std::size_t image = (key / i).below(images.size(), 1 + place);
                            const auto token = sequence.subspan(place * features, features);
                            std::ranges::copy(images.sample(image), token.begin());
                            token[pixels + place] = loudness;
                            if (place == asked) label = images.label(image);
                        }
                        sequence[places * features + pixels + asked] = loudness;
                        return label;
                    });
}

/// Training sequences are made of training images, test sequences of test images.
ArchitectureTask digits_at_places(const ArchitectureOptions& /*options*/) {
    const ExperimentData digits = load_dataset("digits");
    const Key key(20220802);
    return generated_task(
        "the digit at the place asked for", sequences(digits.train(), 20000, key / 0),
        sequences(digits.validation(), 4000, key / 1), sequences(digits.test(), 4000, key / 2));
}

/// Along one life, how well credits through attention point.
void follow_alignment(ArchitectureTable& table) {
    using L = ClassifierLearner<Reader<SelfAttention<32>>>;
    std::vector<std::size_t> marks{1};
    for (const std::size_t mark : {10U, 30U, 100U, 300U, 1000U}) {
        if (mark <= table.updates()) marks.push_back(mark);
    }
    table.follow<L>(marks, [&](auto& life, std::size_t age) {
        Json& row = table.report()["alignment"][to_text(age)];
        std::printf("after %4zu updates, cosine to the loss's fall:", age);
        const std::size_t stride = table.is_quick() ? 97 : 3;
        for (const auto& [name, cosine] :
             credit_alignment<0>(life, table.arena().validation, Key(7), stride)) {
            std::printf("  %s %.3f", name.c_str(), cosine);
            row[name] = cosine;
        }
        std::printf("\n");
        std::fflush(stdout);
    });
}

}  // namespace

int main(int argc, char** argv) {
    return run_architectures(
        "attention_sequence", "Attention trained by credits", {}, argc, argv, digits_at_places,
        [](ArchitectureTable& table) {
            table.network<Reader<SelfAttention<32>>>("SelfAttention<32>");
            table.frozen_hidden<Reader<SelfAttention<32>>>("SelfAttention<32>");
            table.fixed_feedback<Reader<SelfAttention<32>>>("SelfAttention<32>");
            table.network<Reader<UniformAttention<32>>>("UniformAttention<32>");
            follow_alignment(table);
        });
}
