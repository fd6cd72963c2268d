// LayerNorm against plain loops in double precision, for rows of every remainder, several at once.
#include "tdca/bottom_up/layer_norm.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

using namespace tdca;

namespace {

/// Output and credit below of `Rows` rows in each of `Samples` samples.
template <class Scalar, std::size_t Samples, std::size_t Rows, std::size_t Width>
class Normalised {
    using L = typename LayerNorm<1>::template Bound<Scalar, Shape<Rows, Width>>;

public:
    static constexpr std::size_t rows = Samples * Rows;

    explicit Normalised(const std::vector<Scalar>& in)
        : credit(rows * Width), out(rows * Width), below(rows * Width) {
        (Key(Width) / 1).fill_normal(std::span<Scalar>(credit));
        const auto eligibility = std::make_unique<typename L::template Eligibility<Samples>>();
        const std::span<const Scalar, rows * Width> read(in);
        L::template forward<Samples>(typename L::Params{}, read,
                                     std::span<Scalar, rows * Width>(out), *eligibility);
        L::template relay<Samples>(read, std::span<const Scalar, rows * Width>(out), *eligibility,
                                   std::span<const Scalar, rows * Width>(credit),
                                   std::span<Scalar, rows * Width>(below));
    }
    std::vector<Scalar> credit;
    std::vector<Scalar> out;
    std::vector<Scalar> below;
};

/// Rows of different sizes: row r is 10^(r % 5 − 2) times as large as a normal one, and off 0.
template <class Scalar>
std::vector<Scalar> rows_of_all_sizes(std::size_t rows, std::size_t width) {
    std::vector<Scalar> in(rows * width);
    (Key(width) / 0).fill_normal(std::span<Scalar>(in));
    for (std::size_t i = 0; i < in.size(); ++i) {
        const auto row = static_cast<double>(i / width % 5);
        in[i] = static_cast<Scalar>(std::pow(10.0, row - 2) * (double{in[i]} + row));
    }
    return in;
}

template <class Scalar, std::size_t Samples, std::size_t Rows, std::size_t Width>
void check() {
    CAPTURE(Samples, Rows, Width);
    const auto in = rows_of_all_sizes<Scalar>(Samples * Rows, Width);
    const Normalised<Scalar, Samples, Rows, Width> tested(in);
    const double epsilon = std::numeric_limits<Scalar>::epsilon();
    double worst = 0;
    double worst_below = 0;
    for (std::size_t row = 0; row < Samples * Rows; ++row) {
        const Scalar* const x = in.data() + row * Width;
        const Scalar* const c = tested.credit.data() + row * Width;
        double mean = 0;
        double variance = 0;
        for (std::size_t i = 0; i < Width; ++i) mean += double{x[i]} / Width;
        for (std::size_t i = 0; i < Width; ++i) {
            variance += (double{x[i]} - mean) * (double{x[i]} - mean) / Width;
        }
        const double deviation = std::sqrt(variance + double{Scalar(1e-5)});
        double mean_credit = 0;
        double along = 0;
        for (std::size_t i = 0; i < Width; ++i) {
            mean_credit += double{c[i]} / Width;
            along += double{c[i]} * (double{x[i]} - mean) / deviation / Width;
        }
        for (std::size_t i = 0; i < Width; ++i) {
            const double out = (double{x[i]} - mean) / deviation;
            const double below = (double{c[i]} - mean_credit - along * out) / deviation;
            const std::size_t at = row * Width + i;
            worst = std::max(worst, std::abs(double{tested.out[at]} - out));
            worst_below =
                std::max(worst_below, std::abs(double{tested.below[at]} - below) * deviation);
        }
    }
    // A row's distances are within a few deviations of its first number.
    CHECK(worst < 64 * epsilon);
    CHECK(worst_below < 128 * epsilon);
}

template <class Scalar, std::size_t... Widths>
void check_widths() {
    (check<Scalar, 1, 1, Widths>(), ...);
    (check<Scalar, 3, 7, Widths>(), ...);
}

}  // namespace

TEST_CASE("layer normalisation agrees with plain loops for every remainder", "[relay]") {
    check_widths<float, 1, 2, 3, 5, 8, 15, 16, 17, 31, 33, 48, 63, 64, 65, 100, 129, 300>();
    check_widths<double, 1, 3, 7, 8, 9, 31, 32, 33, 70>();
    check<float, 64, 2, 10>();
}

TEMPLATE_TEST_CASE_SIG("a row is normalised alike whatever the rows beside it are",
                       "[relay][fault]", ((std::size_t width), width), 3, 16, 21, 64, 100) {
    constexpr std::size_t rows = 3 * 7;
    using N = Normalised<float, 3, 7, width>;
    auto in = rows_of_all_sizes<float>(rows, width);
    const N alone(in);
    const auto fill = [&](std::size_t row, auto number) {
        for (std::size_t i = 0; i < width; ++i) in[row * width + i] = number(i);
    };
    fill(2, [](std::size_t) { return 273.15F; });
    fill(5, [](std::size_t i) { return i % 2 == 0 ? 3e38F : -3e38F; });
    fill(11, [](std::size_t i) { return i == 1 ? std::nanf("") : 1.0F; });
    fill(17, [](std::size_t i) { return i == 0 ? std::numeric_limits<float>::infinity() : 1.0F; });
    const N mixed(in);
    for (std::size_t row = 0; row < rows; ++row) {
        CAPTURE(row);
        const auto every = [&](const std::vector<float>& numbers, auto holds) {
            bool all = true;
            for (std::size_t i = row * width; i < (row + 1) * width; ++i) {
                all &= holds(numbers[i], i);
            }
            return all;
        };
        if (row == 2) {
            CHECK(every(mixed.out, [](float x, std::size_t) { return x == 0; }));
        } else if (row == 5) {
            CHECK(every(mixed.out, [](float x, std::size_t) { return std::abs(x) < 2; }));
            CHECK(mixed.out[row * width] == Approx(1).epsilon(0.5));
            CHECK(every(mixed.below, [](float x, std::size_t) { return std::abs(x) < 1e-30F; }));
        } else if (row == 11 || row == 17) {
            CHECK(every(mixed.out, [](float x, std::size_t) { return std::isnan(x); }));
            CHECK(every(mixed.below, [](float x, std::size_t) { return std::isnan(x); }));
        } else {
            CHECK(every(mixed.out, [&](float x, std::size_t i) { return x == alone.out[i]; }));
            CHECK(every(mixed.below, [&](float x, std::size_t i) { return x == alone.below[i]; }));
        }
    }
}
