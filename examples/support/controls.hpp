// Controls: the same learner with credits that carry no information.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/core/progress.hpp"
#include "tdca/core/random.hpp"

namespace tdca::support {

/// What becomes of the credits that a top-down network has assigned.
enum class Tampering {
    no_hidden_credit,  ///< hidden layers get none: only the output layer learns
    hidden_noise,      ///< hidden layers get Gaussian noise of the same root mean square
    all_noise          ///< and so does the output layer
};

/// A top-down network whose credits are replaced after they were assigned.
template <class TopDown, Tampering What>
struct Tampered : TopDown {
    template <class Net, std::size_t Samples>
    static float assign(const typename TopDown::Genome& genome, const Progress& progress,
                        std::span<const typename TopDown::signal::Feedback, Samples> feedback,
                        const typename Net::template Activities<Samples>& activities,
                        const typename Net::template Eligibilities<Samples>& eligibilities,
                        const typename TopDown::template State<Net>& state,
                        typename TopDown::template Workspace<Net, Samples>& workspace,
                        typename Net::template Activities<Samples>& credits) noexcept {
        const float error = TopDown::template assign<Net, Samples>(
            genome, progress, feedback, activities, eligibilities, state, workspace, credits);
        // The noise follows from the lifetime's random feedback and from the clock.
        const float fingerprint = std::get<0>(state.pathways).params.flat()[0];
        const Key key = Key(std::bit_cast<std::uint32_t>(fingerprint)) /
                        std::bit_cast<std::uint32_t>(progress.fraction);
        Net::for_each_layer([&](auto i) {
            constexpr bool top = i + 1 == Net::depth;
            if constexpr (!top || What == Tampering::all_noise) {
                replace(key / i, std::span<float>(credits.template get<i>()));
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

}  // namespace tdca::support
