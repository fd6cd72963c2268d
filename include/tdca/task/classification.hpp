// ClassificationTask: lifetimes of a classifier, judged on samples it did not learn from.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "tdca/concepts/task.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/sampler.hpp"
#include "tdca/learner/cohort.hpp"

namespace tdca {

/// A fresh network lives one lifetime on `train`; its fitness is minus its mean cross-entropy on
/// `judged` samples of `validation`, drawn with the lifetime.
///
/// Lifetime number i has horizon `horizons[i]`, so that one evaluation spans short and long lives.
/// Cost: horizons × updates; see docs/method.md.
template <class LearnerType, std::size_t Samples = 64>
class ClassificationTask {
public:
    using Genome = typename LearnerType::Genome;
    using Workspace = Cohort<LearnerType, Samples>;

    static constexpr std::size_t genes = Genome::count;

    /// @param horizons updates of each lifetime of one evaluation, each at least 1
    /// @param judged validation samples per lifetime
    ClassificationTask(Subset train, Subset validation, std::vector<std::size_t> horizons,
                       std::size_t judged = 2000)
        : train_(std::move(train)),
          validation_(std::move(validation)),
          horizons_(std::move(horizons)),
          judged_(std::min(judged, validation_.size())) {
        if (horizons_.empty()) throw Error("ClassificationTask", "no horizon given");
        for (const std::size_t horizon : horizons_) {
            if (horizon == 0) throw Error("ClassificationTask", "a horizon of 0 updates");
        }
        if (validation_.size() == 0) throw Error(validation_.name(), "no validation samples");
    }

    static void initial_genome(Key key, std::span<float, genes> out) noexcept {
        Genome genome;
        LearnerType::initialize(genome, key);
        genome.write(out);
    }

    [[nodiscard]] std::size_t lifetimes() const noexcept { return horizons_.size(); }
    [[nodiscard]] std::span<const std::size_t> horizons() const noexcept { return horizons_; }
    [[nodiscard]] std::size_t side_by_side() const noexcept { return Workspace::natural_size; }
    [[nodiscard]] Workspace workspace() const { return Workspace(side_by_side()); }

    [[nodiscard]] double lifetime(const LifetimeId& id, std::span<const float, genes> genome,
                                  Workspace& workspace) const {
        double fitness = 0;
        lifetimes(id, genome, std::span<double>(&fitness, 1), workspace);
        return fitness;
    }

    /// Several members' lifetimes on the same minibatches; see @ref CohortTask.
    void lifetimes(const LifetimeId& id, std::span<const float> genomes, std::span<double> fitness,
                   Workspace& workspace) const {
        std::vector<Genome> members(fitness.size());
        for (std::size_t m = 0; m < members.size(); ++m) {
            members[m].read(genomes.subspan(m * genes).template first<genes>());
        }
        workspace.live(members, train_, id.key / 0, horizons_[id.index % horizons_.size()]);
        const std::size_t first = (id.key / 1).below(validation_.size() - judged_ + 1, 0);
        std::vector<Evaluation> results(fitness.size());
        workspace.evaluate(validation_.range(first, judged_), results);
        for (std::size_t m = 0; m < results.size(); ++m) fitness[m] = -results[m].loss;
    }

private:
    Subset train_;
    Subset validation_;
    std::vector<std::size_t> horizons_;
    std::size_t judged_;
};

}  // namespace tdca
