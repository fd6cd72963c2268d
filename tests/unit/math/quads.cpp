// Quads: windows of 2 × 2 taken apart and put together, for maps of every kind.
#include "tdca/math/quads.hpp"

#include <catch2/catch.hpp>
#include <cstddef>
#include <vector>

#include "tdca/math/simd.hpp"

using namespace tdca;

namespace {

template <class Scalar, std::size_t Rows, std::size_t Columns>
void check() {
    using Fours = Quads<Scalar, Rows, Columns>;
    if constexpr (Fours::is_possible) {
        CAPTURE(sizeof(Scalar), Rows, Columns);
        constexpr std::size_t windows = Rows / 2 * (Columns / 2);
        // Exactly as many numbers as there are: a sanitizer sees every step outside.
        std::vector<Scalar> map(Rows * Columns);
        for (std::size_t i = 0; i < map.size(); ++i) map[i] = static_cast<Scalar>(i + 1);
        std::vector<Scalar> back(map.size(), Scalar{-1});
        std::vector<Scalar> places[4];
        std::vector<Scalar> numbers(windows);
        std::vector<Scalar> copied(windows, Scalar{-1});
        for (auto& place : places) place.assign(windows, Scalar{-1});
        for (std::size_t w = 0; w < windows; ++w) numbers[w] = static_cast<Scalar>(3 * w);
        Fours::for_each([&](auto group) {
            Pack<Scalar> packs[4];
            group.take(map.data(), packs);
            for (std::size_t i = 0; i < 4; ++i) group.store_windows(places[i].data(), packs[i]);
            group.put(packs, back.data());
            group.store_windows(copied.data(), group.load_windows(numbers.data()));
        });
        CHECK(back == map);
        CHECK(copied == numbers);
        for (std::size_t i = 0; i < 4; ++i) {
            for (std::size_t w = 0; w < windows; ++w) {
                const std::size_t row = w / (Columns / 2) * 2 + i / 2;
                const std::size_t column = w % (Columns / 2) * 2 + i % 2;
                CHECK(places[i][w] == map[row * Columns + column]);
            }
        }
    }
}

template <class Scalar>
void check_all() {
    check<Scalar, 2, 2>();
    check<Scalar, 4, 4>();
    check<Scalar, 6, 10>();
    check<Scalar, 14, 14>();
    check<Scalar, 28, 28>();
    check<Scalar, 2, 32>();
    check<Scalar, 4, 34>();
    check<Scalar, 2, 70>();
    STATIC_REQUIRE(!Quads<Scalar, 3, 4>::is_possible);
    STATIC_REQUIRE(!Quads<Scalar, 4, 5>::is_possible);
}

}  // namespace

TEST_CASE("windows of 2 × 2 are taken apart and put together", "[quads]") {
    check_all<float>();
    check_all<double>();
}
