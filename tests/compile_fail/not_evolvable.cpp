// Evolution asks for a strategy, a task and ranks.
// expect: this is no evolution strategy; see tdca/concepts/evolution_strategy.hpp
// expect: evolution needs a task; see tdca/concepts/task.hpp
// expect: these are no ranks; see tdca/concepts/ranks.hpp
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/snes.hpp"

struct Nothing {
    static constexpr std::size_t genes = 3;
    struct Workspace {};
    static void initial_genome(tdca::Key, std::span<float, genes>) {}
    [[nodiscard]] std::size_t lifetimes() const { return 1; }
    [[nodiscard]] Workspace workspace() const { return {}; }
    [[nodiscard]] double lifetime(const tdca::LifetimeId&, std::span<const float, genes>,
                                  Workspace&) const {
        return 0;
    }
};
// They lack `ask` and `tell`, `lifetime`, `combine`.
struct NotAStrategy {
    using State = tdca::Snes::State;
    [[nodiscard]] State init(std::span<const float>) const { return {}; }
    [[nodiscard]] std::size_t members() const { return 2; }
};
struct NotATask {
    static constexpr std::size_t genes = 3;
    struct Workspace {};
};
struct NotRanks {
    [[nodiscard]] std::size_t rank() const { return 0; }
    [[nodiscard]] std::size_t count() const { return 1; }
};

#ifdef TDCA_CONTROL
using Strategy = tdca::Snes;
using Task = Nothing;
using Ranks = tdca::OneRank;
#else
using Strategy = NotAStrategy;
using Task = NotATask;
using Ranks = NotRanks;
#endif
static_assert(sizeof(tdca::Evolution<Strategy, Nothing>) > 0);
static_assert(sizeof(tdca::Evolution<tdca::Snes, Task>) > 0);
static_assert(sizeof(tdca::Evolution<tdca::Snes, Nothing, Ranks>) > 0);
