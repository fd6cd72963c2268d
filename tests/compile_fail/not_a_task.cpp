// Mixtures and distributions are made of tasks.
// expect: a mixture is made of tasks; see tdca/concepts/task.hpp
// expect: a distribution is made of tasks; see tdca/concepts/task.hpp
#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/evolution/task_distribution.hpp"
#include "tdca/evolution/task_mixture.hpp"

struct WithoutLifetime {
    using Genome =
        tdca::Genome<tdca::Part<"only", tdca::Genes<float, tdca::Parameter<"x", tdca::Shape<3>>>>>;
    struct Workspace {};
    static void initialize(Genome&, tdca::Key) {}
    [[nodiscard]] std::size_t lifetimes() const { return 1; }
    [[nodiscard]] Workspace workspace() const { return {}; }
};
struct WithLifetime : WithoutLifetime {
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
using Task = WithLifetime;
#else
using Task = WithoutLifetime;
#endif
static_assert(sizeof(tdca::TaskMixture<Task>) > 0);
void add(tdca::TaskDistribution<Learner>& tasks) { tasks.add(Task{}); }
