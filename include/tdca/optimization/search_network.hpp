// SearchNetwork: the TDCA-network of function optimisation, with memory across updates.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/math/simd.hpp"
#include "tdca/top_down/recurrent_clock.hpp"

namespace tdca::inline TDCA_ABI {

/// What the top level knows before an update, every number of order 1, free of the size of the box,
/// and of the objective nothing but the order of its values.
struct SearchMood {
    float fraction = 0;       ///< τ, evaluations spent / granted
    float log_left = 0;       ///< ln(1 − τ) / 3
    float log_dimension = 0;  ///< log₁₀ n − 1
    float log_budget = 0;     ///< log₁₀(evaluations granted / n) − 2
    float log_points = 0;     ///< log₁₀(points of a batch / 16)
    float path = 0;           ///< length of the path of the mean noise, less that of a random walk
    float gain = 0;           ///< by how many deviations the batch got better, from ranks
    float improved = 0;       ///< whether the last batch held a new best point
    float log_shrinkage = 0;  ///< log₁₀(spread / spread at birth) / 4
    float log_far = 0;        ///< ln(1 + distance of the best point / spread)
    float symmetry = 0;       ///< correlation of ranks with those of mirror images
    float log_stale = 0;      ///< log₁₀(1 + batches since the last new best point) − ½
    float log_roughness = 0;  ///< ln(reach of this batch's values / that of the last), from ranks
    float log_spread = 0;     ///< 0.2 (1 + log₁₀ spread)
    float life = 0;           ///< share of the lives that are over
    float noisy = 0;          ///< whether one point can have several values
    float one = 1;            ///< constant

    static constexpr std::size_t size = 17;  ///< how many numbers
    [[nodiscard]] std::array<float, size> features() const noexcept {
        std::array<float, size> all{fraction, log_left,  log_dimension, log_budget,    log_points,
                                    path,     gain,      improved,      log_shrinkage, log_far,
                                    symmetry, log_stale, log_roughness, log_spread,    life,
                                    noisy,    one};
        for (float& feature : all) feature = std::isfinite(feature) ? feature : 0.0F;
        return all;
    }
};

/// What the TDCA-network asks for in one update.
struct SearchCommand {
    float step;          ///< η_b: of the generator's bias, along the credited deviation
    float weight_step;   ///< of its shared weights, relative to the usual size
    float private_step;  ///< of its private weights, likewise
    float log_growth;    ///< ln of the factor on all weights
    float pull;          ///< of the best point on the bias
    float momentum;      ///< of the bias
    float sharpness;     ///< by how much better ranks count more
    float path_rate;     ///< 1 / memory of the path, in updates
    float path_step;     ///< of all weights along the path, relative to the usual size
};

/// The top-down network for objective values. One genome serves every dimension, any budget and any
/// number of points.
///
/// The *clock* is a recurrent network of the mood φ, with a memory m that lives as long as the
/// generator does:   m ← tanh(U φ + R m),   command = base + A φ + B m  (through exp where a
/// command must be positive).
/// The *point network* sees each point's rank r, score and noise power, with weights shared by all
/// points; it returns two gains for the deviation of that point, one for the generator's bias and
/// one for its weights:
///   w = softmax(sharpness · (r + v₀ · h)),   g = w (1 + v₁ · h) less its mean,   h = tanh(H ψ).
/// The credit of unit i for point p is gain × (xᵢₚ − bᵢ): a few signals per point, spread over all
/// coordinates. It commutes with rotations of the space, and with strictly increasing functions of
/// the objective. Before evolution this is a natural evolution strategy (xNES: Glasmachers et al.,
/// "Exponential natural evolution strategies", GECCO 2010) with path length control of the spread
/// and credit along the path (Hansen & Ostermeier, Evol. Comp. 9, 2001).
///
/// @tparam Hidden neurons of the point network
/// @tparam Memory neurons of the clock
template <std::size_t Hidden = 8, std::size_t Memory = 8>
struct SearchNetwork {
    static constexpr std::size_t commands = 9;  ///< how many numbers the clock answers with
    static constexpr std::size_t mood = SearchMood::size;  ///< how many numbers it hears
    static constexpr std::size_t features = 8;             ///< ψ, of the point network
    static constexpr std::size_t gains = 2;                ///< on the bias and on the weights

    using Recurrent = RecurrentClock<commands, mood, Memory>;  ///< what remembers
    using Clock = typename Recurrent::Genome;                  ///< genes of the clock
    /// Genes of the point network.
    using Point = Genes<float, Parameter<"hidden", Shape<Hidden, features>>,
                        Parameter<"readout", Shape<gains, Hidden>>>;
    using Genome = tdca::Genome<Part<"clock", Clock>, Part<"point", Point>>;

    /// What the clock remembers.
    using State = typename Recurrent::State;

    static void initialize(Genome& genome, Key key) noexcept {
        auto& clock = genome.template get<"clock">();
        Recurrent::initialize(clock, key / 0);
        clock.template get<"linear">()[growth * mood + path_feature] = 0.3F;
        const auto hidden = genome.template get<"point">().template get<"hidden">();
        (key / 1).fill_normal(std::span<float>(hidden));
        for (float& weight : hidden) weight /= std::sqrt(static_cast<float>(features));
    }

    /// One tick of the clock.
    static SearchCommand command(const Genome& genome, const SearchMood& now,
                                 State& memory) noexcept {
        const auto out = Recurrent::tick(genome.template get<"clock">(), now.features(), memory);
        return {positive(out[0]),
                positive(2 * out[1]),
                positive(2 * out[7]),
                std::fmin(std::fmax(out[growth], -2.0F), 1.0F),
                out[3],
                out[4],
                6 * positive(out[5]),
                1 / (1 + std::exp(0.5F - 2 * out[6])),
                positive(2 * out[8])};
    }

    /// Both gains of every point.
    ///
    /// @param noise_power ‖noise‖² of each point, padded
    /// @param sources noise numbers behind a point
    /// @param bias_gains, weight_gains padded with zeros; the first sum to 1, the second to 0
    static void weigh(const Genome& genome, const SearchCommand& asked, const SearchMood& now,
                      std::span<const float> ranks, std::span<const float> scores,
                      std::span<const float> noise_power, std::size_t sources,
                      std::span<float> bias_gains, std::span<float> weight_gains) noexcept {
        using Vector = Pack<float>;
        const std::size_t points = ranks.size();
        const auto dimension = static_cast<float>(sources);
        const float* const hidden = genome.template get<"point">().template get<"hidden">().data();
        const float* const readout =
            genome.template get<"point">().template get<"readout">().data();
        for (std::size_t first = 0; first < points; first += lanes<float>) {
            const std::size_t count = std::min(lanes<float>, points - first);
            const Vector rank = simd::load_partial(ranks.data() + first, count);
            const Vector score = simd::load_partial(scores.data() + first, count);
            const Vector power = simd::load_partial(noise_power.data() + first, count);
            const std::array<Vector, features - 3> psi{
                Vector(2.0F) * rank, Vector(4.0F) * rank * simd::abs(rank), Vector(0.5F) * score,
                (power / Vector(dimension) - Vector(1.0F)) * Vector(0.5F * std::sqrt(dimension)),
                Vector(now.fraction)};
            Vector to_bias(0.0F);
            Vector to_weights(0.0F);
            for (std::size_t h = 0; h < Hidden; ++h) {
                const float* const row = hidden + h * features;
                Vector sum(row[5] * now.log_dimension + row[6] * now.log_points + row[7]);
                for (std::size_t f = 0; f < psi.size(); ++f) {
                    sum = simd::fma(Vector(row[f]), psi[f], sum);
                }
                const Vector active = simd::tanh(sum);
                to_bias = simd::fma(Vector(readout[h]), active, to_bias);
                to_weights = simd::fma(Vector(readout[Hidden + h]), active, to_weights);
            }
            simd::store_partial(bias_gains.data() + first,
                                Vector(asked.sharpness) * (rank + to_bias), count);
            simd::store_partial(weight_gains.data() + first, Vector(1.0F) + to_weights, count);
        }
        normalize(bias_gains.first(points), weight_gains.first(points));
        std::fill(bias_gains.begin() + static_cast<std::ptrdiff_t>(points), bias_gains.end(), 0.0F);
        std::fill(weight_gains.begin() + static_cast<std::ptrdiff_t>(points), weight_gains.end(),
                  0.0F);
    }

private:
    static constexpr std::size_t growth = 2;
    static constexpr std::size_t path_feature = 5;

    static float positive(float x) noexcept { return Recurrent::positive(x, -10.0F, 4.0F); }

    static void normalize(std::span<float> bias_gains, std::span<float> weight_gains) noexcept {
        const float most = *std::max_element(bias_gains.begin(), bias_gains.end());
        float total = 0;
        for (float& gain : bias_gains) total += gain = std::exp(gain - most);
        float mean = 0;
        for (std::size_t p = 0; p < bias_gains.size(); ++p) {
            bias_gains[p] /= total;
            weight_gains[p] *= bias_gains[p];
            mean += weight_gains[p] / static_cast<float>(bias_gains.size());
        }
        for (float& gain : weight_gains) gain -= mean;
    }
};

/// What a `Search` asks of its top-down network: a `SearchNetwork`, or one's own.
///
/// | member | meaning |
/// | --- | --- |
/// | `Genome`, `initialize(genome, key)` | genes and their values before evolution |
/// | `State` | what it remembers within a life; `{}` is nothing |
/// | `command(genome, mood, memory)` | one tick: the `SearchCommand` of this batch; `noexcept` |
/// | `weigh(genome, command, mood, ranks, scores, noise_power, sources, bias_gains, weight_gains)` | both gains of every point; `noexcept` |
template <class T>
concept SearchAssigner =
    std::default_initializable<typename T::Genome> &&
    std::default_initializable<typename T::State> &&
    requires(typename T::Genome& newborn, const typename T::Genome& genome, const SearchMood& mood,
             const SearchCommand& asked, typename T::State& memory, std::span<const float> numbers,
             std::span<float> gains) {
        T::initialize(newborn, Key{0});
        { T::command(genome, mood, memory) } noexcept -> std::same_as<SearchCommand>;
        {
            T::weigh(genome, asked, mood, numbers, numbers, numbers, std::size_t{8}, gains, gains)
        } noexcept;
    };

}  // namespace tdca
