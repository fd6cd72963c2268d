// Search: the inner loop of function optimisation, ask for points and tell their values.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/genome.hpp"
#include "tdca/core/random.hpp"
#include "tdca/math/simd.hpp"
#include "tdca/optimization/box.hpp"
#include "tdca/optimization/generator.hpp"
#include "tdca/optimization/objective_signal.hpp"
#include "tdca/optimization/search_life.hpp"
#include "tdca/optimization/search_network.hpp"
#include "tdca/optimization/search_plan.hpp"
#include "tdca/optimization/search_space.hpp"

namespace tdca::inline TDCA_ABI {

/// A generator whose points follow what an objective returned, and nothing else: no gradient of
/// the objective, no backward pass.
///
///     search.begin(genome, box, {.evaluations = 800}, key);
///     while (!search.done()) {
///         const auto points = search.ask();      // search.asked() rows
///         …                                      // evaluate them, in any order, anywhere
///         search.tell(values);
///     }
///
/// The budget is split evenly over a number of lives that the genome chooses by dimension and
/// budget, as it does the points of a batch. A life ends with its share, or when its cloud has
/// shrunk to a point; the next begins elsewhere (@ref SearchBirth), with what is left. Fixed
/// coordinates of the box take no part: the search is the one of the box without them, and where
/// all are fixed there is one point to evaluate. Construction and `begin` allocate; `ask` and
/// `tell` do not.
///
/// @tparam TopDown a `SearchAssigner`: `SearchNetwork<…>`, or one's own
/// @tparam Sources shared noise sources of the generator
template <class TopDown = SearchNetwork<>, std::size_t Sources = 32>
class Search {
    static_assert(SearchAssigner<TopDown>,
                  "this directs no search; see SearchAssigner in "
                  "tdca/optimization/search_network.hpp for what one must offer");

public:
    using Genome = tdca::Genome<Part<"top_down", typename TopDown::Genome>,
                                Part<"birth", SearchBirth::Genome>>;

    static void initialize(Genome& genome, Key key) noexcept {
        TopDown::initialize(genome.template get<"top_down">(), key);
        SearchBirth::initialize(genome.template get<"birth">());
    }

    /// Starts anew.
    ///
    /// @throws tdca::Error where the box, the start or the number of evaluations makes no sense
    void begin(const Genome& genome, const Box& box, const SearchPlan& plan, Key key) {
        box.check();
        plan.check(box);
        genome_ = genome;
        space_.begin(box);
        const std::size_t n = space_.size();
        granted_ = space_.has_one_point() ? 1 : plan.evaluations;
        key_ = key;
        spent_ = invalid_ = lives_begun_ = batch_ = pending_ = 0;
        best_value_ = std::numeric_limits<float>::infinity();
        restarts_ = plan.restarts;
        over_ = false;
        is_at_start_ = !plan.start.empty();
        best_point_ = is_at_start_ ? plan.start : box.middle();
        start_.resize(is_at_start_ ? n : 0);
        if (is_at_start_) space_.to_unit(plan.start, start_);

        birth_ = SearchBirth::decode(genome.template get<"birth">(), n, plan);
        generator_.resize(n, birth_.points);
        signal_.resize(birth_.points);
        points_.resize(birth_.points * box.dimension());
        unit_.resize(n);
        life_.resize(n, generator_.sources());
        noise_power_.resize(generator_.stride());
        bias_gains_.resize(generator_.stride());
        weight_gains_.resize(generator_.stride());
        begin_life();
    }

    /// The next points to evaluate, `asked()` rows of the box's dimension; the same ones until
    /// their values are told. First of all the start, by itself, where there is one.
    [[nodiscard]] std::span<const float> ask() noexcept {
        const std::size_t n = space_.dimension();
        pending_ = asked();
        if (is_at_start_) {
            std::copy(best_point_.begin(), best_point_.end(), points_.begin());
            return std::span<const float>(points_).first(n);
        }
        generator_.forward(key_ / 1 / batch_);
        for (std::size_t p = 0; p < pending_; ++p) {
            generator_.point(p, unit_);
            space_.from_unit([&](std::size_t k) { return unit_[k]; },
                             std::span<float>(points_).subspan(p * n, n));
        }
        return std::span<const float>(points_).first(pending_ * n);
    }

    /// What the latest `ask` gave.
    [[nodiscard]] std::span<const float> points() const noexcept {
        return std::span<const float>(points_).first(pending_ * space_.dimension());
    }

    /// How many points the next `ask` gives: a batch, or what is left, or the start alone.
    [[nodiscard]] std::size_t asked() const noexcept {
        return is_at_start_ ? 1 : std::min(batch(), granted_ - spent_);
    }

    /// The values of the points that were asked for, in their order; lower is better. Values that
    /// are not finite count as worst.
    ///
    /// @throws tdca::Error where no points were asked for since the last values, or where there are
    ///   more or fewer values than points
    void tell(std::span<const float> values) {
        if (pending_ == 0) throw Error("Search", "told values of points that were not asked for");
        if (values.size() != pending_) {
            throw Error("Search", "told another number of values than points were asked for",
                        pending_, values.size());
        }
        pending_ = 0;
        const bool was_start = std::exchange(is_at_start_, false);
        const std::size_t n = space_.dimension();
        if (spent_ == 0) std::copy_n(points_.begin(), n, best_point_.begin());
        spent_ += values.size();
        life_.improved = false;
        std::size_t top = values.size();
        for (std::size_t p = 0; p < values.size(); ++p) {
            if (!std::isfinite(values[p])) {
                ++invalid_;
            } else if (top == values.size() || values[p] < values[top]) {
                top = p;
            }
        }
        if (top < values.size()) {
            if (values[top] < best_value_) {
                best_value_ = values[top];
                std::copy_n(points_.data() + top * n, n, best_point_.begin());
            }
            if (values[top] < life_.value) {
                life_.value = values[top];
                space_.to_unit(std::span<const float>(points_).subspan(top * n, n), life_.best);
                life_.improved = true;
            }
        }
        if (was_start) return;
        ++batch_;
        life_.stale = life_.improved ? 0 : life_.stale + 1;
        if (spent_ >= granted_) return;
        if (values.size() == generator_.points()) {
            signal_.observe(values);
            // A batch without two finite values tells nothing: no error, no credit.
            if (signal_.finite() > 1) learn();
        }
        const float spread = generator_.spread();
        if (spent_ >= life_.end || !(spread > birth_.collapse && spread < 1e3F)) {
            over_ = !restarts_;
            if (restarts_) begin_life();
        }
    }

    /// Whether the budget is spent, or the only life is over.
    [[nodiscard]] bool done() const noexcept { return over_ || spent_ >= granted_; }
    [[nodiscard]] std::size_t evaluations() const noexcept { return spent_; }
    /// Values that were not finite.
    [[nodiscard]] std::size_t invalid() const noexcept { return invalid_; }
    /// Lives begun.
    [[nodiscard]] std::size_t lives() const noexcept { return lives_begun_; }
    /// Points of a whole batch.
    [[nodiscard]] std::size_t batch() const noexcept { return generator_.points(); }
    /// The lowest value so far, infinite before there is one.
    [[nodiscard]] float best_value() const noexcept { return best_value_; }
    /// Its point, in the box; the first one evaluated while there is no value, and the start or the
    /// middle of the box before that.
    [[nodiscard]] std::span<const float> best_point() const noexcept { return best_point_; }
    /// Where points come from.
    [[nodiscard]] const Generator<Sources>& generator() const noexcept { return generator_; }
    /// The generator's bias, in the box: where the search is.
    void centre(std::span<float> out) const noexcept {
        space_.from_unit(
            [&](std::size_t k) { return Generator<Sources>::mirror(generator_.centre()[k]); }, out);
    }

private:
    void begin_life() noexcept {
        const std::size_t left = birth_.lives > lives_begun_ ? birth_.lives - lives_begun_ : 1;
        life_.begin(spent_, spent_ + (granted_ - spent_ - 1) / left + 1,
                    birth_.spread_of(lives_begun_));
        generator_.begin(key_ / 0 / lives_begun_, life_.spread, start_);
        start_.clear();  // of the first life alone
        if (std::isfinite(best_value_)) {
            space_.to_unit(best_point_, unit_);
            const std::span<float> centre = generator_.centre();
            for (std::size_t k = 0; k < centre.size(); ++k) {
                centre[k] += birth_.homing * (unit_[k] - centre[k]);
            }
        }
        ++lives_begun_;
        memory_ = {};
    }

    /// Credits of one batch, and what the generator's weights make of them.
    void learn() noexcept {
        const auto& genes = genome_.template get<"top_down">();
        const SearchMood now =
            life_.mood(spent_, birth_.share(lives_begun_ - 1), generator_, signal_);
        life_.last_mean = signal_.mean();
        life_.last_deviation = signal_.deviation();
        const SearchCommand asked = TopDown::command(genes, now, memory_);
        generator_.noise_power(noise_power_);
        TopDown::weigh(genes, asked, now, signal_.ranks(), signal_.scores(), noise_power_,
                       generator_.sources(), bias_gains_, weight_gains_);

        const auto sources = static_cast<float>(generator_.sources());
        const float rate = std::sqrt(asked.path_rate * (2 - asked.path_rate) / power(bias_gains_));
        for (std::size_t k = 0; k < life_.path.size(); ++k) {
            life_.path[k] = (1 - asked.path_rate) * life_.path[k] +
                            rate * generator_.mean_noise(k, bias_gains_);
        }
        const std::span<float> centre = generator_.centre();
        for (std::size_t i = 0; i < centre.size(); ++i) {
            life_.velocity[i] = asked.step * generator_.mean_deviation(i, bias_gains_) +
                                asked.momentum * life_.velocity[i] +
                                asked.pull * (life_.best[i] - centre[i]);
            centre[i] += life_.velocity[i];
            if (!(std::fabs(centre[i]) < 1e6F)) {
                centre[i] = life_.best[i];
                life_.velocity[i] = 0;
            }
        }
        // The usual rates of xNES and of SNES.
        const float usual = 0.6F * (3 + std::log(sources)) / (sources * std::sqrt(sources));
        const auto n = static_cast<float>(centre.size());
        generator_.learn(weight_gains_, std::fmin(usual, 1.0F) * asked.weight_step,
                         (3 + std::log(n)) / (5 * std::sqrt(n)) * asked.private_step,
                         std::exp(asked.log_growth));
    }

    static float power(std::span<const float> values) noexcept {
        return simd::sum([](auto v) { return v * v; }, values);
    }

    Genome genome_;
    SearchSpace space_;
    SearchLife life_;
    Key key_{0};
    SearchBirth birth_;
    std::size_t granted_ = 0;
    std::size_t spent_ = 0;
    std::size_t invalid_ = 0;
    std::size_t lives_begun_ = 0;
    std::size_t batch_ = 0;     // batches told, all lives together
    std::size_t pending_ = 0;   // points asked for whose values are to be told
    bool is_at_start_ = false;  // whether the start is yet to be evaluated
    bool restarts_ = true;
    bool over_ = false;
    float best_value_ = 0;
    Generator<Sources> generator_;
    ObjectiveSignal signal_;
    typename TopDown::State memory_{};
    std::vector<float> start_;   // in the generator's box
    std::vector<float> unit_;    // one point, likewise
    std::vector<float> points_;  // in the box, point by point
    std::vector<float> best_point_;
    std::vector<float> noise_power_;
    std::vector<float> bias_gains_;
    std::vector<float> weight_gains_;
};

}  // namespace tdca
