#include "tdca/control/lstd_critic.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>

using namespace tdca;

namespace {

using Memory = LstdCritic<48>;
using State = Memory::State<2>;

std::unique_ptr<State> newborn(std::uint64_t seed) {
    Memory::Genome genome;
    Memory::initialize(genome);
    genome.get<"log_prior">()[0] = -4.0F;
    auto state = std::make_unique<State>();
    state->begin(genome, 0.0F, Key(seed));
    return state;
}

/// A walk along five places: each step rewards 1, the fifth is the end.
std::array<float, 2> place(std::size_t number) {
    const auto x = static_cast<float>(number);
    return {x / 2 - 1, 1 - x / 3};
}

}  // namespace

TEST_CASE("Values of a chain are its discounted rewards, for every seed") {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const auto memory = newborn(seed);
        const float gamma = memory->discount();
        alignas(64) std::array<float, 48> here;
        alignas(64) std::array<float, 48> next;
        for (int walk = 0; walk < 20; ++walk) {
            memory->begin_episode();
            for (std::size_t at = 0; at < 5; ++at) {
                memory->describe(place(at), here);
                memory->describe(place(at + 1), next);
                memory->note(here, 1.0F, next, at == 4);
            }
        }
        memory->solve();
        float expected = 0;
        for (std::size_t at = 5; at-- > 0;) {
            expected = 1 + gamma * expected;
            memory->describe(place(at), here);
            INFO("seed " << seed << ", place " << at);
            CHECK(memory->value(here) == Approx(expected).epsilon(0.02));
        }
    }
}

TEST_CASE("An episode that is cut off is worth what is to come") {
    const auto memory = newborn(1);
    const float gamma = memory->discount();
    alignas(64) std::array<float, 48> here;
    memory->describe(place(1), here);
    for (int walk = 0; walk < 50; ++walk) {
        memory->begin_episode();
        memory->note(here, 1.0F, here, false);
    }
    memory->solve();
    CHECK(memory->value(here) == Approx(1 / (1 - gamma)).epsilon(0.03));
}

TEST_CASE("A reward that is not finite leaves the weights as they were") {
    const auto memory = newborn(2);
    alignas(64) std::array<float, 48> here;
    memory->describe(place(1), here);
    memory->begin_episode();
    memory->note(here, 1.0F, here, true);
    memory->solve();
    const float before = memory->value(here);
    memory->note(here, std::numeric_limits<float>::quiet_NaN(), here, true);
    memory->solve();
    CHECK(memory->value(here) == before);
}
