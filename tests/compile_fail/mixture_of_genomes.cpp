// Tasks that take different genomes cannot be mixed.
// expect: all tasks of a mixture must take genomes of the same length
#include "tdca/evolution/task_mixture.hpp"

template <std::size_t Genes>
struct Nothing {
    static constexpr std::size_t genes = Genes;
    struct Workspace {};
    static void initial_genome(tdca::Key, std::span<float, genes>) {}
    [[nodiscard]] std::size_t lifetimes() const { return 1; }
    [[nodiscard]] Workspace workspace() const { return {}; }
    [[nodiscard]] double lifetime(const tdca::LifetimeId&, std::span<const float, genes>,
                                  Workspace&) const {
        return 0;
    }
};

#ifdef TDCA_CONTROL
using Mixture = tdca::TaskMixture<Nothing<3>, Nothing<3>>;
#else
using Mixture = tdca::TaskMixture<Nothing<3>, Nothing<4>>;
#endif
static_assert(Mixture::genes == 3);
