// What the page's worker calls to learn digits: two networks of one shape, one taught by credits,
// one by backpropagation.
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "baseline/optimizers.hpp"
#include "baseline/schedules.hpp"
#include "baseline/setting.hpp"
#include "life.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/training/universal.hpp"

namespace {

using namespace live;

/// 64-Width-…-Width-10 with `Depth` hidden layers.
template <std::size_t Width, std::size_t Depth, class... Hidden>
struct NetOf : NetOf<Width, Depth - 1, Hidden..., tdca::Dense<Width, tdca::Relu>> {};
template <std::size_t Width, class... Hidden>
struct NetOf<Width, 0, Hidden...> {
    using type = tdca::Network<tdca::Input<pixels>, Hidden...,
                               tdca::Dense<classes, tdca::Softmax, tdca::ScaledNormal>>;
};

std::array<float, tdca::ClassifierGenome::count> genes_of_lives = tdca::detail::universal_genes;
tdca::ClassifierGenome chosen_genome() {
    tdca::ClassifierGenome genome;
    genome.read(genes_of_lives);
    return genome;
}

template <class Net>
std::unique_ptr<Life> taught_by_credits(std::uint64_t seed, std::size_t updates,
                                        std::size_t samples) {
    return std::make_unique<LifeOf<tdca::ClassifierLearner<Net>>>(chosen_genome(), seed, updates,
                                                                  samples);
}

template <class Net>
std::unique_ptr<Life> taught_by_gradients(const tdca::baseline::Setting& setting,
                                          std::uint64_t seed, std::size_t updates,
                                          std::size_t samples) {
    return tdca::baseline::with_optimizer<Net>(
        setting.optimizer, [&]<class Learner>() -> std::unique_ptr<Life> {
            return std::make_unique<LifeOf<Learner>>(tdca::baseline::settings_of<Learner>(setting),
                                                     seed, updates, samples);
        });
}

/// Calls `use.operator()<Net>()` with the network of that shape, or with none.
template <class Use>
void with_network(std::size_t width, std::size_t depth, Use&& use) {
    const auto of_depth = [&]<std::size_t Width>() {
        if (depth == 1) use.template operator()<typename NetOf<Width, 1>::type>();
        if (depth == 2) use.template operator()<typename NetOf<Width, 2>::type>();
        if (depth == 3) use.template operator()<typename NetOf<Width, 3>::type>();
        if (depth == 5) use.template operator()<typename NetOf<Width, 5>::type>();
    };
    if (width == 16) of_depth.template operator()<16>();
    if (width == 32) of_depth.template operator()<32>();
    if (width == 64) of_depth.template operator()<64>();
}

Samples training;
Samples held_out;
Samples examples;  // ten, one of each digit
std::array<std::unique_ptr<Life>, 3> lives;
View view;
std::array<float, pixels> probe;
std::array<float, classes> outputs;

constexpr std::size_t sources = 32;
/// What each layer's feedback was at its sources when the network was born, and how far it reached.
struct Diffusion {
    std::array<std::array<float, classes * sources>, most_layers> feedback;
    std::array<float, sources * most_neurons> kernel;
} diffusion;

/// As `Learner::begin` and `Pathway::begin` draw them.
template <std::size_t Neurons>
void show_diffusion(tdca::Key life, std::size_t depth) {
    const auto genome = chosen_genome();
    const auto& genes = genome.get<"top_down">().get<"diffusion">();
    for (std::size_t i = 0; i < depth; ++i) {
        (life / 1 / i).fill_normal(std::span<float>(diffusion.feedback[i]));
    }
    std::array<float, sources> reach;
    for (std::size_t j = 0; j < Neurons; ++j) {
        tdca::GaussianDiffusion<sources>::reach<Neurons>(genes, j,
                                                         std::span<float, sources>(reach));
        for (std::size_t s = 0; s < sources; ++s) diffusion.kernel[s * Neurons + j] = reach[s];
    }
}

Samples& samples_of(int which) {
    if (which == 0) return training;
    return which == 1 ? held_out : examples;
}

}  // namespace

#define TDCA_LIVE(name) extern "C" __attribute__((export_name(#name)))

TDCA_LIVE(inputs_of) float* inputs_of(int which) { return samples_of(which).inputs.data(); }
TDCA_LIVE(labels_of) std::uint16_t* labels_of(int which) { return samples_of(which).labels.data(); }
TDCA_LIVE(set_count) void set_count(int which, std::size_t count) {
    samples_of(which).count = count;
}

/// The genome of networks to come: at first the universal one.
TDCA_LIVE(genome_of_lives) float* genome_of_lives() { return genes_of_lives.data(); }

/// A new network in place of number `which`: 0 learns by credits, 1 by backpropagation, 2 too, for
/// step sizes that are tried on the side.
TDCA_LIVE(be_born)
void be_born(int which, std::size_t width, std::size_t depth, std::uint32_t seed,
             std::size_t updates, std::size_t optimizer, float rate) {
    const tdca::baseline::Setting setting{
        .optimizer = std::string(tdca::baseline::optimizers[optimizer].name),
        .rate = rate,
        .course = tdca::baseline::RateCourse::linear};
    auto& life = lives[static_cast<std::size_t>(which)];
    with_network(width, depth, [&]<class Net>() {
        life = which == 0 ? taught_by_credits<Net>(seed, updates, training.count)
                          : taught_by_gradients<Net>(setting, seed, updates, training.count);
        if (which == 0) {
            show_diffusion<Net::template layer<0>::output_shape::size>(tdca::Key(seed) / 0, depth);
        }
    });
}

TDCA_LIVE(train) void train(int which, std::size_t count) {
    lives[static_cast<std::size_t>(which)]->train(training, count);
}
TDCA_LIVE(accuracy) float accuracy(int which) {
    return lives[static_cast<std::size_t>(which)]->accuracy(held_out);
}
TDCA_LIVE(age) std::size_t age(int which) { return lives[static_cast<std::size_t>(which)]->age(); }

TDCA_LIVE(probe_input) float* probe_input() { return probe.data(); }
/// Probabilities of the ten classes for what is in `probe_input`.
TDCA_LIVE(answer) const float* answer(int which) {
    lives[static_cast<std::size_t>(which)]->answer(probe, outputs);
    return outputs.data();
}

/// Looks at ten samples; what is seen is at `seen_…` until the next look.
TDCA_LIVE(look) void look(int which) {
    lives[static_cast<std::size_t>(which)]->look(examples, view);
}
TDCA_LIVE(seen_credits) const float* seen_credits(std::size_t layer) {
    return view.credits[layer].data();
}
TDCA_LIVE(seen_activities) const float* seen_activities(std::size_t layer) {
    return view.activities[layer].data();
}
TDCA_LIVE(seen_errors) const float* seen_errors() { return view.errors.data(); }
TDCA_LIVE(seen_weights) const float* seen_weights() { return view.weights.data(); }
TDCA_LIVE(source_feedback) const float* source_feedback(std::size_t layer) {
    return diffusion.feedback[layer].data();
}
TDCA_LIVE(source_kernel) const float* source_kernel() { return diffusion.kernel.data(); }
/// The first word of Philox-4×32-10 of counter and key 0.
TDCA_LIVE(philox) std::uint32_t philox() { return r123::Philox4x32()({{}}, {{}})[0]; }
/// The usual step size of an optimiser.
TDCA_LIVE(usual_rate) float usual_rate(std::size_t optimizer) {
    return tdca::baseline::optimizers[optimizer].usual_rate;
}
