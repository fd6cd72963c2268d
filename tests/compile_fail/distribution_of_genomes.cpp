// Tasks that take another genome than the learner's cannot be added to a distribution.
// expect: all tasks of a distribution must take the same genome
#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/evolution/task_distribution.hpp"

template <std::size_t Genes>
struct Nothing {
    using Genome = tdca::Genome<
        tdca::Part<"only", tdca::Genes<float, tdca::Parameter<"x", tdca::Shape<Genes>>>>>;
    struct Workspace {};
    static void initialize(Genome&, tdca::Key) {}
    [[nodiscard]] std::size_t lifetimes() const { return 1; }
    [[nodiscard]] Workspace workspace() const { return {}; }
    [[nodiscard]] double lifetime(const tdca::LifetimeId&, const Genome&, Workspace&) const {
        return 0;
    }
};

struct Learner {
    using Genome =
        tdca::Genome<tdca::Part<"only", tdca::Genes<float, tdca::Parameter<"x", tdca::Shape<3>>>>>;
    static void initialize(Genome&, tdca::Key) {}
};

#ifdef TDCA_CONTROL
constexpr std::size_t genes = 3;
#else
constexpr std::size_t genes = 4;
#endif
void add(tdca::TaskDistribution<Learner>& tasks) { tasks.add(Nothing<genes>{}); }
