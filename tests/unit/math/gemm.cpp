// Matrix kernels against plain loops, for shapes with every kind of remainder.
#include "tdca/math/gemm.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "tdca/core/random.hpp"

namespace {

using tdca::Key;

/// A vector whose data start `Offset` scalars past an aligned address, between canaries.
template <class Scalar, std::size_t Count>
class Guarded {
public:
    explicit Guarded(std::size_t offset) : offset_(offset), values_(Count + 64, canary) {}

    std::span<Scalar, Count> span() {
        return std::span<Scalar, Count>(values_.data() + 16 + offset_, Count);
    }
    std::span<const Scalar, Count> view() { return span(); }

    [[nodiscard]] bool intact() const {
        for (std::size_t i = 0; i < values_.size(); ++i) {
            const bool inside = i >= 16 + offset_ && i < 16 + offset_ + Count;
            if (!inside && values_[i] != canary) return false;
        }
        return true;
    }

private:
    static constexpr Scalar canary = Scalar{-12345};
    std::size_t offset_;
    std::vector<Scalar> values_;
};

template <class Scalar, std::size_t Rows, std::size_t Inner, std::size_t Columns>
void check(std::size_t offset) {
    CAPTURE(Rows, Inner, Columns, offset);
    Guarded<Scalar, Rows * Inner> x(offset);
    Guarded<Scalar, Inner * Columns> w(offset);
    Guarded<Scalar, Columns> bias(offset);
    Guarded<Scalar, Rows * Columns> y(offset);
    Guarded<Scalar, Inner * Columns> delta(offset);
    Guarded<Scalar, Columns> bias_delta(offset);
    Key(1).fill_normal(std::span<Scalar>(x.span()));
    Key(2).fill_normal(std::span<Scalar>(w.span()));
    Key(3).fill_normal(std::span<Scalar>(bias.span()));

    const double tolerance =
        4 * std::numeric_limits<Scalar>::epsilon() * static_cast<double>(Inner + Rows + 8);
    const auto product = [&](std::size_t r, std::size_t c) {
        double sum = 0;
        for (std::size_t k = 0; k < Inner; ++k) {
            sum += double{x.span()[r * Inner + k]} * double{w.span()[k * Columns + c]};
        }
        return sum;
    };

    tdca::affine<Rows, Inner, Columns>(x.view(), w.view(), bias.view(), y.span(),
                                       [](auto sum) { return sum + sum; });
    double worst = 0;
    for (std::size_t r = 0; r < Rows; ++r) {
        for (std::size_t c = 0; c < Columns; ++c) {
            const double expected = 2 * (product(r, c) + double{bias.span()[c]});
            worst = std::max(worst, std::abs(double{y.span()[r * Columns + c]} - expected));
        }
    }
    CHECK(worst < tolerance);

    tdca::multiply<Rows, Inner, Columns>(x.view(), w.view(), y.span());
    worst = 0;
    for (std::size_t r = 0; r < Rows; ++r) {
        for (std::size_t c = 0; c < Columns; ++c) {
            worst = std::max(worst, std::abs(double{y.span()[r * Columns + c]} - product(r, c)));
        }
    }
    CHECK(worst < tolerance);

    // X turned, in rows that are wider than it: the same product, to the same bits.
    constexpr std::size_t pitch = Rows + 3;
    Guarded<Scalar, Inner * pitch> turned(offset);
    for (std::size_t r = 0; r < Rows; ++r) {
        for (std::size_t k = 0; k < Inner; ++k) {
            turned.span()[k * pitch + r] = x.span()[r * Inner + k];
        }
    }
    Guarded<Scalar, Rows * Columns> again(offset);
    tdca::multiply_strided<Rows, Inner, Columns, 1, pitch>(turned.view().data(), w.view().data(),
                                                           again.span().data());
    CHECK(std::ranges::equal(again.span(), y.span()));
    CHECK(again.intact());

    tdca::mean_outer<Rows, Inner, Columns>(x.view(), y.view(), delta.span());
    tdca::mean_rows<Rows, Columns>(y.view(), bias_delta.span());
    worst = 0;
    for (std::size_t c = 0; c < Columns; ++c) {
        double total = 0;
        for (std::size_t r = 0; r < Rows; ++r) total += double{y.span()[r * Columns + c]};
        worst = std::max(worst, std::abs(double{bias_delta.span()[c]} - total / Rows));
        for (std::size_t k = 0; k < Inner; ++k) {
            double sum = 0;
            for (std::size_t r = 0; r < Rows; ++r) {
                sum += double{x.span()[r * Inner + k]} * double{y.span()[r * Columns + c]};
            }
            worst = std::max(worst, std::abs(double{delta.span()[k * Columns + c]} - sum / Rows));
        }
    }
    CHECK(worst < tolerance * std::sqrt(static_cast<double>(Inner)));

    // Centring: nothing, a share, and all of each column's mean.
    for (const double strength : {0.0, 0.7, 1.0}) {
        Guarded<Scalar, Rows * Columns> centred(offset);
        std::copy_n(y.span().data(), Rows * Columns, centred.span().data());
        tdca::centre_rows<Rows, Columns>(static_cast<Scalar>(strength), centred.span());
        worst = 0;
        for (std::size_t c = 0; c < Columns; ++c) {
            double mean = 0;
            for (std::size_t r = 0; r < Rows; ++r) {
                mean += double{y.span()[r * Columns + c]} / static_cast<double>(Rows);
            }
            for (std::size_t r = 0; r < Rows; ++r) {
                const double expected = double{y.span()[r * Columns + c]} - strength * mean;
                worst =
                    std::max(worst, std::abs(double{centred.span()[r * Columns + c]} - expected));
            }
        }
        CHECK(worst < tolerance);
        CHECK(centred.intact());
    }

    // The same deltas a few rows at a time: every one once, in order, bit for bit.
    std::size_t next = 0;
    std::size_t different = 0;
    tdca::mean_outer_each<Rows, Inner, Columns>(
        x.view(), y.view(), [&](std::size_t first, auto deltas) {
            different += first != next ? 1 : 0;
            for (const Scalar value : deltas) different += value != delta.span()[next++] ? 1 : 0;
        });
    CHECK(next == Inner * Columns);
    CHECK(different == 0);
    CHECK(y.intact());
    CHECK(delta.intact());
    CHECK(bias_delta.intact());
}

}  // namespace

// Rows and inner extents that leave a rest in every tile, against every kind of last pack. Each
// shape is a kernel of its own to the compiler: the list is kept short on purpose.
TEST_CASE("kernels agree with plain loops for every remainder of columns", "[gemm]") {
    for (const std::size_t offset : {0U, 1U, 7U}) {
        check<float, 29, 17, 1>(offset);
        check<float, 29, 17, 3>(offset);
        check<float, 29, 17, 10>(offset);
        check<float, 29, 17, 15>(offset);
        check<float, 29, 17, 16>(offset);
        check<float, 29, 17, 17>(offset);
        check<float, 29, 17, 31>(offset);
        check<float, 29, 17, 32>(offset);
        check<float, 29, 17, 33>(offset);
        check<float, 29, 17, 47>(offset);
        check<float, 29, 17, 65>(offset);
    }
}

TEST_CASE("kernels agree with plain loops where outputs are few and inputs many", "[gemm]") {
    for (const std::size_t offset : {0U, 7U}) {
        check<float, 29, 37, 1>(offset);
        check<float, 29, 37, 3>(offset);
        check<float, 29, 47, 10>(offset);
        check<float, 8, 48, 12>(offset);
        check<double, 29, 37, 5>(offset);
    }
    check<float, 1, 64, 10>(0);
    check<float, 1024, 32, 10>(0);
}

TEST_CASE("kernels agree with plain loops for the smallest matrices", "[gemm]") {
    check<float, 1, 1, 1>(0);
    check<float, 1, 1, 10>(1);
    check<float, 1, 1, 33>(0);
    check<float, 3, 2, 1>(0);
    check<float, 3, 2, 10>(1);
    check<float, 2, 1, 15>(0);
}

TEST_CASE("kernels work in double precision", "[gemm]") {
    check<double, 29, 17, 1>(0);
    check<double, 29, 17, 7>(1);
    check<double, 29, 17, 8>(0);
    check<double, 29, 17, 19>(3);
}

TEST_CASE("kernels agree with plain loops for the shapes of the examples", "[gemm]") {
    check<float, 64, 784, 32>(0);
    check<float, 64, 32, 10>(0);
    check<float, 128, 256, 10>(0);
    check<float, 1, 784, 64>(0);
}

TEMPLATE_TEST_CASE_SIG("a row of a product does not depend on the other rows", "[gemm]",
                       ((std::size_t Inner, std::size_t Columns), Inner, Columns), (19, 21),
                       (37, 10)) {
    constexpr std::size_t rows = 27;
    constexpr std::size_t inner = Inner;
    constexpr std::size_t columns = Columns;
    Guarded<float, columns> bias(0);
    Key(3).fill_normal(std::span<float>(bias.span()));
    Guarded<float, rows * inner> x(0);
    Guarded<float, inner * columns> w(0);
    Guarded<float, rows * columns> together(0);
    Guarded<float, columns> alone(0);
    Key(1).fill_normal(std::span<float>(x.span()));
    Key(2).fill_normal(std::span<float>(w.span()));
    tdca::affine<rows, inner, columns>(x.view(), w.view(), bias.view(), together.span());
    for (std::size_t r = 0; r < rows; ++r) {
        tdca::affine<1, inner, columns>(
            std::span<const float, inner>(x.view().subspan(r * inner, inner)), w.view(),
            bias.view(), alone.span());
        for (std::size_t c = 0; c < columns; ++c) {
            CHECK(alone.span()[c] == together.span()[r * columns + c]);
        }
    }
}
