// Controls: the same learner with credits that carry no information.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>

#include "tdca/core/course.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/math/gemm.hpp"
#include "tdca/training/update.hpp"

namespace tdca::support {

/// What becomes of the credits that a top-down network has assigned.
enum class Tampering {
    no_hidden_credit,  ///< hidden layers get none: only the output layer learns
    hidden_noise,      ///< hidden layers get Gaussian noise of the same root mean square
    centred_noise,     ///< the same, of which every neuron's sum over the minibatch is 0
    all_noise          ///< noise for hidden layers and for the output layer
};

/// A top-down network whose credits are replaced after they were assigned.
template <class TopDown, Tampering What>
struct Tampered : TopDown {
    template <class Net, std::size_t Samples>
    static float assign(const typename TopDown::Genome& genome, const Progress& progress,
                        std::span<const typename TopDown::signal::Target, Samples> targets,
                        const typename Net::template Activities<Samples>& activities,
                        const typename Net::template Eligibilities<Samples>& eligibilities,
                        const typename TopDown::template State<Net>& state,
                        typename TopDown::template Workspace<Net, Samples>& workspace,
                        typename Net::template Activities<Samples>& credits) noexcept {
        const float error = TopDown::template assign<Net, Samples>(
            genome, progress, targets, activities, eligibilities, state, workspace, credits);
        // The noise follows from the lifetime's random feedback and from the clock.
        const float fingerprint = std::get<0>(state.pathways).params.flat()[0];
        const Key key = Key(std::bit_cast<std::uint32_t>(fingerprint)) /
                        std::bit_cast<std::uint32_t>(progress.fraction);
        Net::for_each_layer([&](auto i) {
            constexpr bool top = i + 1 == Net::depth;
            if constexpr (!top || What == Tampering::all_noise) {
                const auto credit = credits.template get<i>();
                replace(key / i, std::span<float>(credit));
                if constexpr (What == Tampering::centred_noise) {
                    centre_rows<Samples, Net::template layer<i>::output_shape::size>(1.0F, credit);
                }
            }
        });
        return error;
    }

private:
    static void replace(Key key, std::span<float> credit) noexcept {
        double power = 0;
        for (const float value : credit) power += double{value} * double{value};
        const auto scale =
            static_cast<float>(std::sqrt(power / static_cast<double>(credit.size())));
        if constexpr (What == Tampering::no_hidden_credit) {
            for (float& value : credit) value = 0;
        } else {
            key.fill_normal(credit);
            for (float& value : credit) value *= scale;
        }
    }
};

/// A learner whose first layer learns from nothing that a sample shows: each input is that of
/// another sample of the minibatch. Each input's values are the same as ever; what inputs have to
/// do with each other is lost. Layers above, and all forward passes, are as they were.
template <class LearnerType>
struct Scrambled : LearnerType {
    using Net = typename LearnerType::network;
    static constexpr std::size_t inputs = Net::input_shape::size;

    template <std::size_t Samples>
    struct Workspace : LearnerType::template Workspace<Samples> {
        alignas(alignment) std::array<float, Samples * inputs> scrambled;
    };

    template <std::size_t Samples>
    static void update(const typename LearnerType::Genome& genome, const Course& course,
                       std::span<const float, Samples * inputs> in,
                       std::span<const typename LearnerType::Target, Samples> targets,
                       typename LearnerType::State& state, Workspace<Samples>& workspace) noexcept {
        const Key key = state.noise / state.age;
        const auto scramble = [&](auto /*outputs*/) noexcept {
            for (std::size_t i = 0; i < inputs; ++i) {
                const std::size_t shift = (key / 0).below(Samples, i);
                for (std::size_t s = 0; s < Samples; ++s) {
                    workspace.scrambled[s * inputs + i] = in[(s + shift) % Samples * inputs + i];
                }
            }
            return targets;
        };
        update_network<LearnerType, Samples>(
            genome, course, in, scramble, state, workspace,
            std::span<const float, Samples * inputs>(workspace.scrambled));
    }
};

}  // namespace tdca::support
