// planted_race [race]: a loop whose bodies keep apart, and whose result is read once they have
// ended; with `race` every body writes to one number. What the thread sanitizer must pass, and what
// it must find.
#include <cstddef>
#include <cstdio>
#include <vector>

#include "tdca/core/parallel.hpp"

int main(int argc, char** /*argv*/) {
    const bool races = argc > 1;
    std::vector<double> own(64);
    double shared = 0;
    for (int round = 0; round < 20; ++round) {
        tdca::parallel_for(own.size(), 4, [&](std::size_t index, std::size_t /*thread*/) {
            // Long enough for every thread of the team to get a share.
            for (int k = 0; k < 20'000; ++k) own[index] = 0.5 * own[index] + 1;
            if (races) shared += own[index];
        });
        for (const double value : own) shared += value;
    }
    std::printf("%g\n", shared);
}
