// Evolution asks for a strategy, a task and ranks.
// expect: this is no evolution strategy; see tdca/concepts/evolution_strategy.hpp
// expect: evolution needs a task; see tdca/concepts/task.hpp
// expect: these are no ranks; see tdca/concepts/ranks.hpp
#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/snes.hpp"

struct Nothing {
    using Genome =
        tdca::Genome<tdca::Part<"only", tdca::Genes<float, tdca::Parameter<"x", tdca::Shape<3>>>>>;
    struct Workspace {};
    static void initialize(Genome&, tdca::Key) {}
    [[nodiscard]] std::size_t lifetimes() const { return 1; }
    [[nodiscard]] Workspace workspace() const { return {}; }
    [[nodiscard]] double lifetime(const tdca::LifetimeId&, const Genome&, Workspace&) const {
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
    using Genome =
        tdca::Genome<tdca::Part<"only", tdca::Genes<float, tdca::Parameter<"x", tdca::Shape<3>>>>>;
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
