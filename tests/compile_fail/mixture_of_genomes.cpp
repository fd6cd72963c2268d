// Tasks that take different genomes cannot be mixed.
// expect: all tasks of a mixture must take the same genome
#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/evolution/task_mixture.hpp"

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

#ifdef TDCA_CONTROL
using Mixture = tdca::TaskMixture<Nothing<3>, Nothing<3>>;
#else
using Mixture = tdca::TaskMixture<Nothing<3>, Nothing<4>>;
#endif
static_assert(Mixture::Genome::count == 3);
