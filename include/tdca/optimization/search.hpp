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
#include "tdca/optimization/box.hpp"
#include "tdca/optimization/generator.hpp"
#include "tdca/optimization/judged.hpp"
#include "tdca/optimization/objective_signal.hpp"
#include "tdca/optimization/search_life.hpp"
#include "tdca/optimization/search_network.hpp"
#include "tdca/optimization/search_plan.hpp"
#include "tdca/optimization/search_space.hpp"
#include "tdca/optimization/search_update.hpp"

namespace tdca::inline TDCA_ABI {

template <class>
class AsynchronousSearch;

/// A generator whose points follow the order of what an objective returned, and nothing else: no
/// gradient of the objective, no backward pass.
///
///     search.begin(genome, box, {.evaluations = 800}, key);
///     while (!search.done()) {
///         const auto points = search.ask();      // search.asked() rows
///         …                                      // evaluate them, in any order, anywhere
///         search.tell(values);
///     }
///
/// The budget is split evenly over a number of lives that the genome chooses by dimension and
/// budget, as it does the points of a batch. A life ends with its share, when its cloud has shrunk
/// to a point, or when it finds nothing better for long; the next begins elsewhere
/// (@ref SearchBirth), with what is left. Fixed coordinates of the box take no part: the search is
/// the one of the box without them, and where all are fixed there is one point to evaluate.
/// Construction and `begin` allocate; `ask` and `tell` do not.
///
/// @tparam TopDown a `SearchAssigner`: `SearchNetwork<…>`, or one's own
/// @tparam Sources shared noise sources of the generator
template <class TopDown = SearchNetwork<>, std::size_t Sources = 64>
class Search {
    template <class>
    friend class AsynchronousSearch;

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
        space_.begin(box, plan.is_single);
        const std::size_t n = space_.size();
        granted_ = space_.has_one_point() ? 1 : plan.evaluations;
        key_ = key;
        spent_ = invalid_ = lives_begun_ = batch_ = pending_ = 0;
        restarts_ = plan.restarts;
        is_noisy_ = plan.is_noisy;
        for_centre_ = is_noisy_ ? std::clamp<std::size_t>(granted_ / 20, 1, 50) : 0;
        phase_ = SearchPhase::life;
        best_ = {{}, plan.start.empty() ? box.middle() : plan.start};
        start_.resize(plan.start.empty() ? 0 : n);
        if (!plan.start.empty()) {
            space_.round(best_.point);
            space_.to_unit(best_.point, start_);
            if (std::isfinite(plan.start_value)) {
                best_.judged.value = plan.start_value;
            } else {
                phase_ = SearchPhase::start;
            }
        }

        birth_ = SearchBirth::decode(genome.template get<"birth">(), n, plan);
        const std::size_t room = birth_.most_points_of_all();
        generator_.resize(n, room);
        signal_.resize(room);
        points_.resize(std::max(room, for_centre_) * box.dimension());
        unit_.resize(n);
        life_.resize(n, generator_.sources());
        update_.resize(generator_.stride());
        begin_life();
    }

    /// The next points to evaluate, `asked()` rows of the box's dimension; the same ones until
    /// their values are told. First of all the start, by itself, where there is one.
    [[nodiscard]] std::span<const double> ask() noexcept {
        const std::size_t n = space_.dimension();
        pending_ = asked();
        const auto row = [&](std::size_t p) {
            return std::span<double>(points_).subspan(p * n, n);
        };
        if (phase_ == SearchPhase::start) {
            std::ranges::copy(best_.point, points_.begin());
        } else if (phase_ == SearchPhase::centre) {
            for (std::size_t p = 0; p < pending_; ++p) centre(row(p));
        } else {
            generator_.forward(key_ / 1 / batch_);
            for (std::size_t p = 0; p < pending_; ++p) {
                space_.from_unit([&](std::size_t k) { return generator_.coordinate(p, k); },
                                 row(p));
            }
        }
        return std::span<const double>(points_).first(pending_ * n);
    }

    /// How many points the next `ask` gives: a batch, what is left of the budget, or the start.
    [[nodiscard]] std::size_t asked() const noexcept {
        if (phase_ == SearchPhase::start) return 1;
        const std::size_t left = granted_ - spent_;
        if (phase_ == SearchPhase::centre) return std::min(for_centre_, left);
        return std::min(batch(), left > for_centre_ ? left - for_centre_ : left);
    }

    /// The values of the points that were asked for, in their order; lower is better. Values that
    /// are not finite count as worst.
    ///
    /// @param violations by how much each point violates what it must satisfy, 0 where it does
    ///   not; empty: there is nothing to satisfy. Points without violation are better than all
    ///   others, which are the better the less they violate; their values do not matter
    /// @throws tdca::Error where no points were asked for since the last values, or where there are
    ///   more or fewer values, or violations, than points
    void tell(std::span<const double> values, std::span<const double> violations = {}) {
        if (pending_ == 0) throw Error("Search", "told values of points that were not asked for");
        require_all(values.size());
        if (!violations.empty()) require_all(violations.size());
        pending_ = 0;
        const std::span<const double> first(points_.data(), space_.dimension());
        if (spent_ == 0 && !best_.judged.tells()) best_.replace({}, first);
        spent_ += values.size();
        for (const double value : values) invalid_ += std::isfinite(value) ? 0U : 1U;
        if (phase_ == SearchPhase::centre) {
            const Judged mean = mean_of(values, violations);
            if (mean.tells()) best_.replace(mean, first);
            phase_ = SearchPhase::over;
            return;
        }
        note(values, violations);
        if (phase_ == SearchPhase::start) {
            const bool is_last = is_noisy_ && spent_ + for_centre_ >= granted_;
            phase_ = is_last ? SearchPhase::centre : SearchPhase::life;
            return;
        }
        ++batch_;
        life_.stale = life_.improved ? 0 : life_.stale + 1;
        if (spent_ + for_centre_ >= granted_) {
            if (is_noisy_) phase_ = SearchPhase::centre;
            return;
        }
        if (values.size() == generator_.points()) {
            signal_.observe(values, violations);
            // A batch without two values that tell something: no error, no credit.
            if (signal_.finite() > 1) {
                const SearchMood now = life_.mood(spent_, birth_.share(lives_begun_ - 1), is_noisy_,
                                                  space_, generator_, signal_);
                update_.template learn<TopDown>(genome_.template get<"top_down">(), now, signal_,
                                                space_, memory_, life_, generator_);
            }
        }
        const float spread = generator_.spread();
        const bool has_settled = !(spread > birth_.collapse && spread < 1e3F);
        const bool is_stale =
            static_cast<float>(life_.stale * generator_.points()) > birth_.patience;
        if (is_noisy_) {
            if (has_settled) phase_ = SearchPhase::centre;
        } else if (has_settled && !restarts_) {
            phase_ = SearchPhase::over;
        } else if (restarts_ && (has_settled || is_stale || spent_ >= life_.end)) {
            begin_life();
        }
    }

    /// Forgets how good the best points were: before `tell`, by who judges otherwise from now on.
    void forget_best() noexcept { best_.judged = life_.value = {}; }

    /// Whether the budget is spent, or the only life is over.
    [[nodiscard]] bool done() const noexcept {
        return phase_ == SearchPhase::over || spent_ >= granted_;
    }
    [[nodiscard]] std::size_t evaluations() const noexcept { return spent_; }
    /// Values that were not finite.
    [[nodiscard]] std::size_t invalid() const noexcept { return invalid_; }
    /// Lives begun.
    [[nodiscard]] std::size_t lives() const noexcept { return lives_begun_; }
    /// Points of a whole batch, in this life.
    [[nodiscard]] std::size_t batch() const noexcept { return generator_.points(); }
    /// The best point so far, by value and violation.
    [[nodiscard]] const Judged& best() const noexcept { return best_.judged; }
    /// Its value, infinite before there is one; at the end of a noisy search its centre's mean.
    [[nodiscard]] double best_value() const noexcept { return best_.judged.value; }
    /// Its point, in the box; without a value the first one, before that the start or the middle.
    [[nodiscard]] std::span<const double> best_point() const noexcept { return best_.point; }
    /// Where points come from.
    [[nodiscard]] const Generator<Sources>& generator() const noexcept { return generator_; }
    /// The generator's bias, in the box: where the search is.
    void centre(std::span<double> out) const noexcept {
        space_.from_unit([&](std::size_t k) { return generator_.centre()[k]; }, out);
    }

private:
    void require_all(std::size_t told) const {
        const std::size_t asked = pending_;
        if (told == asked) return;
        throw Error("Search", "told another number of values than points were asked for", asked,
                    told);
    }

    /// Remembers the best of the points that were told, for good and within the life.
    void note(std::span<const double> values, std::span<const double> violations) noexcept {
        const BestOf top(values, violations);
        const std::size_t n = space_.dimension();
        const std::span<const double> point =
            std::span<const double>(points_).subspan(top.place * n, n);
        best_.offer(top.judged, point);
        life_.improved = top.judged.is_before(life_.value);
        if (life_.improved) {
            life_.value = top.judged;
            space_.to_unit(point, life_.best);
        }
    }

    /// A value that came after the life of its point had ended.
    void note_late(std::span<const double> point, const Judged& one) noexcept {
        invalid_ += std::isfinite(one.value) ? 0U : 1U;
        if (!is_noisy_) best_.offer(one, point);
    }

    void begin_life() noexcept {
        const std::size_t left = birth_.lives > lives_begun_ ? birth_.lives - lives_begun_ : 1;
        life_.begin(spent_, spent_ + (granted_ - spent_ - 1) / left + 1,
                    birth_.spread_of(lives_begun_));
        // Within the room that `begin` made.
        generator_.resize(space_.size(), birth_.points_of(lives_begun_));
        signal_.resize(generator_.points());
        for (std::size_t k = 0; k < space_.size(); ++k) {
            const double count = space_.axis(k).variable().count();
            if (count > 0) generator_.keep_apart(k, static_cast<float>(0.5 / count));
        }
        generator_.begin(key_ / 0 / lives_begun_, life_.spread, start_);
        start_.clear();  // of the first life alone
        if (lives_begun_ > 0 && best_.judged.tells()) {
            space_.to_unit(best_.point, unit_);
            const std::span<double> centre = generator_.centre();
            for (std::size_t k = 0; k < centre.size(); ++k) {
                centre[k] +=
                    static_cast<double>(birth_.homing) * space_.way(k, centre[k], unit_[k]);
            }
        }
        ++lives_begun_;
        memory_ = {};
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
    std::size_t batch_ = 0;       // batches told, all lives together
    std::size_t pending_ = 0;     // points asked for whose values are to be told
    std::size_t for_centre_ = 0;  // evaluations kept for the end of a noisy search
    SearchPhase phase_ = SearchPhase::over;
    bool restarts_ = true;
    bool is_noisy_ = false;
    BestPoint best_;
    Generator<Sources> generator_;
    ObjectiveSignal signal_;
    SearchUpdate update_;
    typename TopDown::State memory_{};
    std::vector<double> start_;   // in the generator's box
    std::vector<double> unit_;    // one point, likewise
    std::vector<double> points_;  // in the box, point by point
};

}  // namespace tdca
