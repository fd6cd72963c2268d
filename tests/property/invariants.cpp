// Properties of evolution, diffusion and flat views that hold for any seed.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "property/subjects.hpp"
#include "support/halves.hpp"
#include "support/plain_genome.hpp"
#include "tdca/analysis/loss_plane.hpp"
#include "tdca/control/environments/cart_pole.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/openai_es.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/io/checkpoint.hpp"
#include "tdca/optimization/search.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;

namespace {

/// Two lifetimes whose fitness goes through a transform, of its own for each.
template <class Transform>
struct Warped {
    using Genome = PlainGenome<5>;
    struct Workspace {};

    static void initialize(Genome& genome, Key key) {
        key.fill_normal(std::span<float>(genes_of(genome)));
    }
    [[nodiscard]] static std::size_t lifetimes() { return 2; }
    [[nodiscard]] static Workspace workspace() { return {}; }
    [[nodiscard]] static double lifetime(const LifetimeId& id, const Genome& genome,
                                         Workspace& /*workspace*/) {
        double fitness = 0;
        for (const float x : genes_of(genome)) fitness -= std::fabs(double{x} - id.key.uniform(0));
        return Transform{}(fitness, id.index);
    }
};
struct Unchanged {
    double operator()(double x, std::size_t /*index*/) const { return x; }
};
struct Cubed {
    double operator()(double x, std::size_t /*index*/) const { return 5 * x * x * x - 7; }
};
/// Another scale for each lifetime.
struct Scaled {
    double operator()(double x, std::size_t index) const {
        return index == 0 ? 1e6 * x : std::exp(x);
    }
};
/// The control: it does not ascend.
struct Folded {
    double operator()(double x, std::size_t /*index*/) const { return std::fabs(x + 2); }
};

template <class Strategy, class Transform>
std::vector<float> evolve(std::uint64_t seed) {
    Evolution evolution(Strategy({.members = 8}), Warped<Transform>{}, Key(seed), 1);
    evolution.run(10, [](const auto&, const auto&) { return true; });
    return evolution.state().mean;
}

template <class Strategy>
void check_same_state(const typename Strategy::State& a, const typename Strategy::State& b) {
    CHECK(a.generation == b.generation);
    std::vector<std::vector<float>> all;
    const auto take = [&](const char*, const std::vector<float>& values) { all.push_back(values); };
    a.for_each(take);
    b.for_each(take);
    for (std::size_t i = 0; i < all.size() / 2; ++i) CHECK(all[i] == all[all.size() / 2 + i]);
}

/// What `Neurons` neurons get from these sources.
template <std::size_t Sources, std::size_t Neurons>
std::vector<double> diffuse(float log_width, std::span<const double, Sources> sources) {
    typename GaussianDiffusion<Sources>::Genome genome;
    genome.template get<"log_width">()[0] = log_width;
    std::vector<double> kernel(Sources * Neurons);
    fill_kernel<GaussianDiffusion<Sources>, Neurons>(genome,
                                                     std::span<double, Sources * Neurons>(kernel));
    std::vector<double> credit(Neurons);
    multiply<1, Sources, Neurons>(sources, std::span<const double, Sources * Neurons>(kernel),
                                  std::span<double, Neurons>(credit));
    return credit;
}

template <class Subject>
void check_flat_view(Key key) {
    using Genome = typename Subject::Genome;
    std::vector<float> genes(Genome::count);
    std::vector<float> back(Genome::count);
    key.fill_normal(std::span<float>(genes));
    Genome genome;
    genome.read(std::span<const float, Genome::count>(genes));
    genome.write(std::span<float, Genome::count>(back));
    CHECK(genes == back);
}

}  // namespace

TEMPLATE_TEST_CASE("evolution by ranks is invariant under ascending transforms of each fitness",
                   "[invariant]", Snes, OpenAiEs) {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        CAPTURE(seed);
        const auto plain = evolve<TestType, Unchanged>(seed);
        CHECK(plain == evolve<TestType, Cubed>(seed));
        CHECK(plain == evolve<TestType, Scaled>(seed));
        CHECK(plain != evolve<TestType, Folded>(seed));
    }
}

TEMPLATE_TEST_CASE("a run that stops at any generation and resumes from its file is the run",
                   "[invariant]", Snes, OpenAiEs) {
    const TemporaryFolder folder;
    const auto path = folder / "run.safetensors";
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const Dataset data = halves(64, Key(seed));
        const auto begin = [&](int threads) {
            return Evolution(TestType({.members = 6}),
                             TrainingTask<SmallLearner<>, 16>(all(data), all(data), {3, 9}),
                             Key(seed), threads);
        };
        auto whole = begin(1);
        whole.run(4, [](const auto&, const auto&) { return true; });
        for (std::size_t stop = 0; stop <= 4; ++stop) {
            CAPTURE(seed, stop);
            auto first = begin(2);
            first.run(stop, [](const auto&, const auto&) { return true; });
            save_checkpoint<TestType>(path, first.state(), first.key(), "");
            auto second = begin(1);
            second.resume(load_checkpoint<TestType>(path, first.genes, Key(seed), ""));
            second.run(4, [](const auto&, const auto&) { return true; });
            check_same_state<TestType>(whole.state(), second.state());
        }
    }
}

TEST_CASE("diffusion is linear, and agrees between widths", "[invariant]") {
    constexpr std::size_t sources = 8;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        std::vector<double> a(sources);
        std::vector<double> b(sources);
        std::vector<double> both(sources);
        (Key(seed) / 0).fill_normal(std::span<double>(a));
        (Key(seed) / 1).fill_normal(std::span<double>(b));
        const auto log_width = static_cast<float>(2 * Key(seed).uniform(0) - 1);
        const double share = 3 * Key(seed).uniform(1);
        for (std::size_t s = 0; s < sources; ++s) both[s] = a[s] + share * b[s];
        using Credit = std::span<const double, sources>;
        const auto of_a = diffuse<sources, 10>(log_width, Credit(a));
        const auto of_b = diffuse<sources, 10>(log_width, Credit(b));
        const auto of_both = diffuse<sources, 10>(log_width, Credit(both));
        // Neuron j of 10 stands where neuron 3 j + 1 of 30 stands.
        const auto wide = diffuse<sources, 30>(log_width, Credit(a));
        for (std::size_t j = 0; j < 10; ++j) {
            CAPTURE(seed, j);
            CHECK(of_both[j] == Approx(of_a[j] + share * of_b[j]).margin(1e-12));
            CHECK(wide[3 * j + 1] == Approx(of_a[j]).margin(1e-9));
        }
    }
}

TEST_CASE("writing what was read changes nothing, for every genome and every network",
          "[invariant]") {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        check_flat_view<SmallLearner<>>(Key(seed));
        check_flat_view<Search<>>(Key(seed));
        check_flat_view<EpisodicLife<CartPole<>>>(Key(seed));
        SmallNet::Params params;
        SmallNet::Params other;
        SmallNet::initialize(params, Key(seed));
        unflatten(flatten(params), other);
        CHECK(flatten(other) == flatten(params));
        SmallNet::for_each_layer([&](auto i) {
            const auto weights = std::get<i>(params).template get<"weights">();
            CHECK(std::ranges::equal(weights, std::get<i>(other).template get<"weights">()));
        });
    }
}
