// Settings of textbook backpropagation, and the learners that live by them.
#pragma once

#include <cmath>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include "baseline/backprop.hpp"
#include "baseline/optimizers.hpp"
#include "baseline/schedules.hpp"
#include "baseline/targets.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/signal/classification.hpp"

namespace tdca::baseline {

/// Everything about textbook backpropagation that is tuned.
struct Setting {
    std::string optimizer;  ///< one of `optimizers`
    float rate = 0;
    RateCourse course = RateCourse::constant;
    float output_gain = 1;  ///< scale of the output layer at birth; 0 is a zero start
    float smoothing = 0;    ///< ε of label smoothing
    float decay = 0;        ///< λ of AdamW
    float hidden_gain = 1;  ///< scale of the hidden layers at birth

    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 sees a null pointer in the default.
    friend auto operator<=>(const Setting&, const Setting&) = default;
};

/// "adamw 0.004 linear, decay 0.0625, output born zero, hidden layers born 0.5 times as large,
/// labels smoothed by 0.1": what is not as usual.
[[nodiscard]] inline std::string describe(const Setting& setting) {
    std::string text = setting.optimizer + " " + to_text(setting.rate) + " " +
                       rate_course_names[static_cast<std::size_t>(setting.course)];
    if (setting.decay != 0) text += ", decay " + to_text(setting.decay);
    if (setting.output_gain == 0) text += ", output born zero";
    if (setting.hidden_gain != 1) {
        text += ", hidden layers born " + to_text(setting.hidden_gain) + " times as large";
    }
    if (setting.smoothing != 0) text += ", labels smoothed by " + to_text(setting.smoothing);
    return text;
}

/// The learner of a family of optimisers on a network. Labels can be smoothed.
template <class Net, class Family, class SignalType = ClassificationSignal<Net::output_shape::size>>
using TextbookLearner =
    BackpropLearner<Net, Family, TextbookSchedule, NoCentring, SignalType,
                    std::conditional_t<std::is_same_v<typename SignalType::Target, std::uint16_t>,
                                       SmoothedTargets, PlainTargets>>;

/// Calls `visit.template operator()<Learner>()` with the learner of the named optimiser.
///
/// @throws Error for a name that is not in `optimizers`
template <class Net, class SignalType = ClassificationSignal<Net::output_shape::size>,
          class Visitor>
decltype(auto) with_optimizer(const std::string& name, Visitor&& visit) {
    if (optimizer_of(name).adapts) {
        return visit.template operator()<TextbookLearner<Net, AdamFamily, SignalType>>();
    }
    return visit.template operator()<TextbookLearner<Net, SgdFamily, SignalType>>();
}

/// The genome-shaped form of a setting.
template <class Learner>
[[nodiscard]] typename Learner::Genome settings_of(const Setting& setting) {
    typename Learner::Genome genome;
    Learner::initialize(genome, Key(0));
    TextbookSchedule::choose(setting.rate, setting.course, genome.template get<"schedule">());
    Learner::rule::choose(optimizer_of(setting.optimizer), setting.decay,
                          genome.template get<"plasticity">());
    auto& birth = genome.template get<"birth">();
    birth.template get<"log_hidden_gain">()[0] = std::log(setting.hidden_gain);
    birth.template get<"output_gain">()[0] = setting.output_gain;
    if constexpr (std::is_same_v<typename Learner::targets, SmoothedTargets>) {
        genome.template get<"targets">().template get<"smoothing">()[0] = setting.smoothing;
    }
    return genome;
}

}  // namespace tdca::baseline
