// LunarLander: a lander with three engines, on Box2D. An optional part: link tdca::box2d.
#pragma once

#include <box2d/box2d.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "tdca/concepts/environment.hpp"
#include "tdca/control/environments/setting_range.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::inline TDCA_ABI {

/// LunarLander-v2 of Gymnasium, with its four choices: nothing, left engine, main engine, right
/// engine. Land upright between the flags.
///
/// Observation: position relative to the pad in half viewports, velocity, angle (rad), angular
/// velocity, and whether each leg touches the ground. Reward: what the potential
///   −100 ‖position‖ − 100 ‖velocity‖ − 100 |angle| + 10 per leg on the ground
/// gains in the step, less 0.3 for the main and 0.03 for a side engine; −100 in its place where the
/// hull touches the ground or the lander leaves sideways, +100 where it comes to rest; either ends
/// the episode, which is cut off after 1,000 steps. Source: O. Klimov's environment,
/// gymnasium/envs/box2d/lunar_lander.py, without its smoke, and with Box2D 2.4 in place of 2.3: the
/// same constants, not the same trajectories.
///
/// Box2D allocates in `reset`, and now and then in `step`, from pools of its own.
struct LunarLander {
    static constexpr std::string_view name = "lunar_lander";
    using scalar = float;
    using observation_shape = Shape<8>;
    using actions = DiscreteActions<4>;
    static constexpr std::size_t episode_limit = 1000;

    struct Settings {
        float gravity = 10;        ///< m/s²
        float main_engine = 13;    ///< impulse at full power, N s per metre of lever
        float side_engine = 0.6F;  ///< likewise
        float density = 5;         ///< of the hull, kg/m²
    };

    class State {
        friend LunarLander;

        /// The world, and which parts of the lander touch the ground.
        struct Scene : b2ContactListener {
            explicit Scene(float gravity) : world(b2Vec2(0, -gravity)) {
                world.SetContactListener(this);
            }
            Scene(const Scene&) = delete;
            Scene& operator=(const Scene&) = delete;

            b2World world;
            b2Body* hull = nullptr;
            std::array<const b2Body*, 2> legs{};
            std::array<bool, 2> on_ground{};
            bool crashed = false;

            void BeginContact(b2Contact* contact) override { note(*contact, true); }
            void EndContact(b2Contact* contact) override { note(*contact, false); }

        private:
            void note(b2Contact& contact, bool begins) {
                for (const b2Body* body :
                     {contact.GetFixtureA()->GetBody(), contact.GetFixtureB()->GetBody()}) {
                    if (begins && body == hull) crashed = true;
                    for (std::size_t leg = 0; leg < legs.size(); ++leg) {
                        if (body == legs[leg]) on_ground[leg] = begins;
                    }
                }
            }
        };

        std::unique_ptr<Scene> scene_;
        Key dispersion_{0};
        std::uint64_t steps_ = 0;
        float potential_ = 0;
    };

    /// @throws tdca::Error naming the parameter that makes no world
    static void check(const Settings& settings) {
        require_finite(name, "gravity", settings.gravity);
        require_finite(name, "main_engine", settings.main_engine);
        require_finite(name, "side_engine", settings.side_engine);
        require_positive(name, "density", settings.density);
    }

    /// Ground with random hills on either side of the pad, the lander at the top with a random
    /// push; one step without engines has passed.
    static void reset(const Settings& settings, Key key, State& state) {
        check(settings);
        state.scene_ = std::make_unique<Scene>(settings.gravity);
        Scene& scene = *state.scene_;
        make_ground(key / 0, scene.world);
        make_lander(settings, scene);
        std::array<float, 2> push;
        (key / 1).fill_uniform(std::span<float>(push), -hardest_push, hardest_push);
        scene.hull->ApplyForceToCenter(b2Vec2(push[0], push[1]), true);
        advance(scene);
        state.dispersion_ = key / 2;
        state.steps_ = 0;
        state.potential_ = potential(view(scene));
    }

    static void observe(const Settings& /*settings*/, const State& state,
                        std::span<float, 8> out) noexcept {
        assert(state.scene_ != nullptr);
        const auto seen = view(*state.scene_);
        std::copy(seen.begin(), seen.end(), out.begin());
    }

    static StepResult<float> step(const Settings& settings, std::size_t action,
                                  State& state) noexcept {
        assert(actions::contains(action) && state.scene_ != nullptr);
        const float side = action == 1 ? -1.0F : action == 3 ? 1.0F : 0.0F;
        return burn(settings, action == 2 ? 1.0F : 0.0F, side, state);
    }

private:
    friend struct LunarLanderContinuous;

    /// One step with shares of the main and a side engine's power: 0 is off, below 0 left.
    static StepResult<float> burn(const Settings& settings, float main, float sideways,
                                  State& state) noexcept {
        Scene& scene = *state.scene_;
        b2Body& hull = *scene.hull;
        const float sine = std::sin(hull.GetAngle());
        const float cosine = std::cos(hull.GetAngle());
        const auto chance = [&](std::uint64_t number) {
            return static_cast<float>(
                (2 * state.dispersion_.uniform(2 * state.steps_ + number) - 1) / scale);
        };
        const float along = chance(0);
        const float across = chance(1);
        ++state.steps_;
        const b2Vec2 centre = hull.GetPosition();  // where both engines push
        const auto push = [&](float x, float y, float up_x, float up_y, float power) {
            hull.ApplyLinearImpulse(b2Vec2(-x * power, -y * power),
                                    centre + b2Vec2(x + up_x, y + up_y), true);
        };
        float fuel = 0;
        if (main != 0) {
            fuel = 0.3F * main;
            const float lever = 4 / scale + 2 * along;
            push(sine * lever - cosine * across, -cosine * lever - sine * across, 0, 0,
                 settings.main_engine * main);
        }
        if (sideways != 0) {
            const float power = std::abs(sideways);
            fuel += 0.03F * power;
            const float direction = sideways < 0 ? -1.0F : 1.0F;
            const float lever = 3 * across + direction * 12 / scale;
            push(sine * along - cosine * lever, -cosine * along - sine * lever, -sine * 17 / scale,
                 cosine * 14 / scale, settings.side_engine * power);
        }
        advance(scene);

        const auto now = view(scene);
        const float before = std::exchange(state.potential_, potential(now));
        if (!hull.IsAwake()) return {100, true};
        if (scene.crashed || std::abs(now[0]) >= 1) return {-100, true};
        return {state.potential_ - before - fuel, false};
    }

    using Scene = State::Scene;

    static constexpr float scale = 30;  // drawing units per metre
    static constexpr float width = 600 / scale;
    static constexpr float height = 400 / scale;
    static constexpr float pad = height / 4;
    static constexpr float frames = 50;  // a second
    static constexpr float hardest_push = 1000;
    static constexpr std::uint16_t ground_bits = 0x0001;
    static constexpr std::uint16_t hull_bits = 0x0010;
    static constexpr std::uint16_t leg_bits = 0x0020;

    static void make_ground(Key key, b2World& world) {
        constexpr std::size_t points = 11;
        constexpr std::size_t middle = points / 2;
        std::array<float, points + 1> rough;
        key.fill_uniform(std::span<float>(rough), 0.0F, height / 2);
        for (std::size_t i = middle - 2; i <= middle + 2; ++i) rough[i] = pad;
        std::array<b2Vec2, points> ridge;
        for (std::size_t i = 0; i < points; ++i) {
            const float before = i == 0 ? rough[points] : rough[i - 1];
            ridge[i] = {width / (points - 1) * static_cast<float>(i),
                        0.33F * (before + rough[i] + rough[i + 1])};
        }
        b2BodyDef definition;
        b2Body& moon = *world.CreateBody(&definition);
        const auto edge = [&](b2Vec2 from, b2Vec2 to) {
            b2EdgeShape shape;
            shape.SetTwoSided(from, to);
            b2FixtureDef fixture;
            fixture.shape = &shape;
            fixture.friction = 0.1F;
            fixture.filter.categoryBits = ground_bits;
            moon.CreateFixture(&fixture);
        };
        edge({0, 0}, {width, 0});
        for (std::size_t i = 0; i + 1 < points; ++i) edge(ridge[i], ridge[i + 1]);
    }

    static b2Body& make_body(b2World& world, b2Vec2 position, float angle, const b2Shape& shape,
                             float density, float friction, std::uint16_t bits) {
        b2BodyDef definition;
        definition.type = b2_dynamicBody;
        definition.position = position;
        definition.angle = angle;
        b2Body& body = *world.CreateBody(&definition);
        b2FixtureDef fixture;
        fixture.shape = &shape;
        fixture.density = density;
        fixture.friction = friction;
        fixture.filter.categoryBits = bits;
        fixture.filter.maskBits = ground_bits;
        body.CreateFixture(&fixture);
        return body;
    }

    static void make_lander(const Settings& settings, Scene& scene) {
        constexpr std::array<std::array<float, 2>, 6> outline{
            {{-14, 17}, {-17, 0}, {-17, -10}, {17, -10}, {17, 0}, {14, 17}}};
        std::array<b2Vec2, outline.size()> corners;
        for (std::size_t i = 0; i < corners.size(); ++i) {
            corners[i] = {outline[i][0] / scale, outline[i][1] / scale};
        }
        b2PolygonShape shape;
        shape.Set(corners.data(), static_cast<int>(corners.size()));
        b2World& world = scene.world;
        scene.hull =
            &make_body(world, {width / 2, height}, 0, shape, settings.density, 0.1F, hull_bits);
        for (std::size_t leg = 0; leg < 2; ++leg) {
            const float side = leg == 0 ? -1.0F : 1.0F;
            b2PolygonShape box;
            box.SetAsBox(2 / scale, 8 / scale);
            b2Body& body = make_body(world, {width / 2 - side * 20 / scale, height}, side * 0.05F,
                                     box, 1, 0.2F, leg_bits);
            b2RevoluteJointDef joint;
            joint.bodyA = scene.hull;
            joint.bodyB = &body;
            joint.localAnchorB = {side * 20 / scale, 18 / scale};
            joint.enableMotor = true;
            joint.enableLimit = true;
            joint.maxMotorTorque = 40;
            joint.motorSpeed = 0.3F * side;
            joint.lowerAngle = leg == 0 ? 0.4F : -0.9F;
            joint.upperAngle = leg == 0 ? 0.9F : -0.4F;
            world.CreateJoint(&joint);
            scene.legs[leg] = &body;
        }
    }

    static void advance(Scene& scene) noexcept { scene.world.Step(1 / frames, 180, 60); }

    static std::array<float, 8> view(const Scene& scene) noexcept {
        const b2Vec2 position = scene.hull->GetPosition();
        const b2Vec2 velocity = scene.hull->GetLinearVelocity();
        return {(position.x - width / 2) / (width / 2),
                (position.y - (pad + 18 / scale)) / (height / 2),
                velocity.x * (width / 2) / frames,
                velocity.y * (height / 2) / frames,
                scene.hull->GetAngle(),
                20 * scene.hull->GetAngularVelocity() / frames,
                scene.on_ground[0] ? 1.0F : 0.0F,
                scene.on_ground[1] ? 1.0F : 0.0F};
    }

    static float potential(const std::array<float, 8>& s) noexcept {
        return -100 * std::hypot(s[0], s[1]) - 100 * std::hypot(s[2], s[3]) - 100 * std::abs(s[4]) +
               10 * (s[6] + s[7]);
    }
};

/// Gravity by up to 1.2, engines and the hull's density by up to 1.1: every lander can hover.
template <>
struct SettingRange<LunarLander> {
    using Env = LunarLander;  ///< the world
    using Settings = Env::Settings;
    static Settings draw(Key key) noexcept {
        return detail::vary<Env>(key, {{&Settings::gravity, 1.2},
                                       {&Settings::main_engine, 1.1},
                                       {&Settings::side_engine, 1.1},
                                       {&Settings::density, 1.1}});
    }
};

}  // namespace tdca
