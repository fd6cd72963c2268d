// Masked: an environment of which only some observations are shown.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "tdca/concepts/environment.hpp"
#include "tdca/control/environments/setting_range.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/core/text.hpp"

namespace tdca::inline TDCA_ABI {

/// The same world, of which only the observations of these numbers are shown, in this order.
/// CartPole without its velocities, `Masked<CartPole<>, 0, 2>`, asks for a policy that remembers.
template <class Env, std::size_t... Shown>
struct Masked {
    static_assert(
        Environment<Env> || detail::tell_what_an_environment_lacks<Env>(),
        "only an environment can be masked; see tdca/concepts/environment.hpp for what one must "
        "offer");
    static_assert(sizeof...(Shown) > 0 && ((Shown < Env::observation_shape::size) && ...),
                  "what is shown of a masked environment must be among its observations");

private:
    static constexpr auto text = [] {
        StaticText<std::string_view(Env::name).size() + 16 + 21 * sizeof...(Shown)> all;
        all << "masked";
        ((all << "_" << Shown), ...);
        all << "_of_" << Env::name;
        return all;
    }();

public:
    /// Such as `masked_0_2_of_cart_pole`.
    static constexpr std::string_view name = text.view();
    using whole = Env;  ///< the world itself
    using scalar = typename Env::scalar;
    using observation_shape = Shape<sizeof...(Shown)>;
    using actions = typename Env::actions;
    static constexpr std::size_t episode_limit = Env::episode_limit;
    using Settings = typename Env::Settings;
    using State = typename Env::State;

    static scalar action_limit(const Settings& settings) noexcept
        requires(!actions::is_discrete)
    {
        return Env::action_limit(settings);
    }

    static void reset(const Settings& settings, Key key, State& state) {
        Env::reset(settings, key, state);
    }

    static void observe(const Settings& settings, const State& state,
                        std::span<scalar, sizeof...(Shown)> out) noexcept {
        std::array<scalar, Env::observation_shape::size> all;
        Env::observe(settings, state, std::span<scalar, Env::observation_shape::size>(all));
        std::size_t i = 0;
        ((out[i++] = all[Shown]), ...);
    }

    static StepResult<scalar> step(const Settings& settings, const ActionOf<Env>& action,
                                   State& state) noexcept {
        return Env::step(settings, action, state);
    }

    /// @throws tdca::Error where the world itself has failed
    static void require_sound(const Settings& settings)
        requires(detail::CanFail<Env>)
    {
        Env::require_sound(settings);
    }
};

/// As of the world itself.
template <class Env, std::size_t... Shown>
struct SettingRange<Masked<Env, Shown...>> {
    using Settings = typename Env::Settings;
    static Settings draw(Key key) noexcept { return SettingRange<Env>::draw(key); }
};

}  // namespace tdca
