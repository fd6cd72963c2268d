// A consumer of tdca::box2d: a lander without a pilot comes down.
#include <cstddef>
#include <tdca/control/environments/lunar_lander.hpp>
#include <tdca/core/random.hpp>

int main() {
    tdca::LunarLander::State state;
    tdca::LunarLander::reset({}, tdca::Key(1), state);
    for (std::size_t t = 0; t < tdca::LunarLander::episode_limit; ++t) {
        if (tdca::LunarLander::step({}, 0, state).terminated) return 0;
    }
    return 1;
}
