// AsynchronousSearch: one point at a time, told in any order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/optimization/box.hpp"
#include "tdca/optimization/judged.hpp"
#include "tdca/optimization/search.hpp"
#include "tdca/optimization/search_plan.hpp"

namespace tdca::inline TDCA_ABI {

/// A point to evaluate.
struct Trial {
    std::uint64_t ticket = 0;         ///< to tell its value by; never given twice by one object
    std::span<const double> point{};  ///< valid until the next `ask` or `tell`
};

/// A `Search` for workers of unequal speed: nobody waits for the slowest point of a batch.
///
///     while (!search.done()) {
///         while (…) {                                 // a worker is free
///             const auto trial = search.ask();
///             if (!trial) break;                      // a result has to come first
///             …                                       // hand it a copy of trial->point
///         }
///         …                                           // wait for one of them
///         search.tell(ticket, value);
///     }
///     …                                               // what is still out may be told as well
///
/// Where each point is told before the next is asked for, as one worker does, this is `Search`, bit
/// for bit; with more at work it is another search, even if results come in the order in which
/// points were asked for. The same calls in the same order give the same bits.
///
/// Where all points of a batch are handed out and some are not told yet, `ask` gives points of
/// the next batch, drawn from the generator as it stands: a quarter of a batch at most, since they
/// are worth less (all of one drawn ahead cost three times as many evaluations). When that batch
/// learns, their deviations are taken from the centre that there is then, and their noise from
/// nobody. Results that
/// arrive after their life has ended count for the best point alone. Construction and `begin`
/// allocate; `ask` and `tell` do not, unless a life ends while points are handed out.
template <class SearchType = Search<>>
class AsynchronousSearch {
public:
    using Genome = typename SearchType::Genome;

    /// Starts anew; what was handed out before is forgotten: telling it is an error.
    ///
    /// @throws tdca::Error as `Search::begin`
    void begin(const Genome& genome, const Box& box, const SearchPlan& plan, Key key) {
        search_.begin(genome, box, plan, key);
        const std::size_t room = search_.points_.size() / box.dimension();
        // Room for the largest batch of any life.
        ahead_ = search_.generator_;
        ahead_.resize(search_.space_.size(), room);
        values_.resize(room);
        violations_.resize(room);
        is_told_.resize(room);
        early_points_.resize(search_.points_.size());
        early_.assign(room, {});
        point_.resize(box.dimension());
        given_.clear();
        most_given_ = 3 * room;
        given_.reserve(most_given_);
        early_count_ = 0;
        is_constrained_ = false;
        open(0);
    }

    /// A point for a worker, or nothing until something is told: no more than three batches are out
    /// at a time, late ones among them.
    [[nodiscard]] std::optional<Trial> ask() noexcept {
        if (search_.done() || given_.size() >= most_given_) return std::nullopt;
        if (issued_ < size_) {
            const std::size_t p = issued_++;
            return give(p, false, row(search_.points_, p));
        }
        if (early_count_ >= early_room()) return std::nullopt;
        if (early_count_ == 0) draw_ahead();
        const std::size_t p = early_count_++;
        const std::span<double> point = row(early_points_, p);
        search_.space_.from_unit([&](std::size_t k) { return ahead_.coordinate(p, k); }, point);
        return give(p, true, point);
    }

    /// The value of a point that was asked for; lower is better.
    ///
    /// @param violation by how much it violates what it must satisfy
    /// @throws tdca::Error where there is no such ticket, or it was told already
    void tell(std::uint64_t ticket, double value, double violation = 0) {
        const auto found = std::ranges::find(given_, ticket, &Given::ticket);
        if (found == given_.end()) {
            throw Error("AsynchronousSearch", "told the value of a point that is not handed out",
                        "a ticket that `ask` gave, once", to_text(ticket));
        }
        const Given told = *found;
        given_.erase(found);
        if (!(violation <= 0)) is_constrained_ = true;  // NaN is a violation
        if (told.kind == Kind::late) {
            search_.note_late(told.point, Judged(value, violation));
            return;
        }
        if (told.kind == Kind::early) {
            early_[told.slot] = {true, value, violation};
            return;
        }
        fill(told.slot, value, violation);
        while (told_ == size_ && !search_.done()) close();
    }

    /// Whether the budget is handed out and its last batch told, or the only life is over. What is
    /// still out may be told: it counts for the best point.
    [[nodiscard]] bool done() const noexcept { return search_.done(); }
    /// Points that are handed out.
    [[nodiscard]] std::size_t waiting() const noexcept { return given_.size(); }
    /// What is known so far.
    [[nodiscard]] const SearchType& search() const noexcept { return search_; }

private:
    enum class Kind {
        batch,  ///< of the batch that is to learn next
        early,  ///< of the batch after it
        late    ///< of a life that is over
    };
    struct Given {
        std::uint64_t ticket = 0;
        std::size_t slot = 0;
        Kind kind = Kind::batch;
        std::vector<double> point{};  // of a late one
    };
    struct EarlyResult {
        bool is_told = false;
        double value = 0;
        double violation = 0;
    };

    /// Row p of points that lie one after the other.
    [[nodiscard]] std::span<double> row(std::vector<double>& points, std::size_t p) noexcept {
        const std::size_t n = search_.space_.dimension();
        return std::span<double>(points).subspan(p * n, n);
    }

    [[nodiscard]] std::optional<Trial> give(std::size_t slot, bool is_early,
                                            std::span<const double> point) noexcept {
        std::ranges::copy(point, point_.begin());
        given_.push_back({tickets_, slot, is_early ? Kind::early : Kind::batch, {}});
        return Trial{tickets_++, point_};
    }

    /// Points that may be drawn ahead: a quarter of a batch, as far as the budget goes.
    [[nodiscard]] std::size_t early_room() const noexcept {
        const std::size_t spoken_for = search_.spent_ + size_ + search_.for_centre_;
        if (search_.phase_ == SearchPhase::centre || spoken_for >= search_.granted_) return 0;
        return std::min((search_.batch() + 3) / 4, search_.granted_ - spoken_for);
    }

    void draw_ahead() noexcept {
        ahead_ = search_.generator_;
        const std::size_t next = search_.batch_ + (search_.phase_ == SearchPhase::life ? 1 : 0);
        ahead_.forward(search_.key_ / 1 / next);
    }

    /// Draws a batch, of which the first `early` points were drawn before.
    void open(std::size_t early) noexcept {
        static_cast<void>(search_.ask());
        size_ = search_.pending_;
        issued_ = std::min(early, size_);
        told_ = 0;
        std::ranges::fill(is_told_, false);
        for (std::size_t p = 0; p < issued_; ++p) {
            std::ranges::copy(row(early_points_, p), row(search_.points_, p).begin());
            search_.generator_.silence(p);
            for (std::size_t k = 0; k < search_.space_.size(); ++k) {
                search_.generator_.replace(p, k, ahead_.coordinate(p, k));
            }
        }
    }

    void fill(std::size_t slot, double value, double violation) noexcept {
        values_[slot] = value;
        violations_[slot] = violation;
        is_told_[slot] = true;
        ++told_;
    }

    /// The whole batch is told: it learns, and the next one is drawn.
    void close() {
        const std::size_t life = search_.lives_begun_;
        const std::size_t early = early_count_;
        const std::span<const double> violations(violations_);
        search_.tell(std::span<const double>(values_).first(size_),
                     is_constrained_ ? violations.first(size_) : std::span<const double>());
        early_count_ = 0;
        const bool goes_on =
            !search_.done() && search_.lives_begun_ == life && search_.phase_ == SearchPhase::life;
        if (!goes_on) {  // what was drawn ahead is of a life that is over
            for (Given& one : given_) {
                if (one.kind != Kind::early) continue;
                const auto point = row(early_points_, one.slot);
                one.kind = Kind::late;
                one.point.assign(point.begin(), point.end());
            }
            for (std::size_t p = 0; p < early; ++p) {
                if (early_[p].is_told) {
                    search_.note_late(row(early_points_, p),
                                      Judged(early_[p].value, early_[p].violation));
                }
                early_[p] = {};
            }
            search_.spent_ += early;
        }
        if (search_.done()) return;
        open(goes_on ? early : 0);
        if (!goes_on) return;
        for (Given& one : given_) {
            if (one.kind == Kind::early) one.kind = Kind::batch;
        }
        for (std::size_t p = 0; p < early; ++p) {
            if (early_[p].is_told) fill(p, early_[p].value, early_[p].violation);
            early_[p] = {};
        }
    }

    SearchType search_;
    std::remove_cvref_t<decltype(std::declval<SearchType>().generator())> ahead_;
    std::vector<double> values_;
    std::vector<double> violations_;
    std::vector<char> is_told_;
    std::vector<double> early_points_;
    std::vector<EarlyResult> early_;
    std::vector<double> point_;
    std::vector<Given> given_;
    std::size_t most_given_ = 0;
    std::uint64_t tickets_ = 0;    // of all runs: a late answer to a former one is none to this
    std::size_t size_ = 0;         // of the batch
    std::size_t issued_ = 0;       // of its points
    std::size_t told_ = 0;         // of its values
    std::size_t early_count_ = 0;  // points drawn ahead
    bool is_constrained_ = false;
};

}  // namespace tdca
