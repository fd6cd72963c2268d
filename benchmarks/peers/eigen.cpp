// Eigen.
#include "peers/products.hpp"
#include "tdca/core/number.hpp"

#if __has_include(<eigen3/Eigen/Core>)
#include <eigen3/Eigen/Core>

namespace tdca::peers {

ProductPeer eigen() {
    using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    using Input = Eigen::Map<const Matrix, Eigen::Aligned64>;
    using Output = Eigen::Map<Matrix, Eigen::Aligned64>;
    const std::string version = to_text(EIGEN_WORLD_VERSION) + "." + to_text(EIGEN_MAJOR_VERSION) +
                                "." + to_text(EIGEN_MINOR_VERSION);
    return {"Eigen", version, [](const Product& p) -> std::function<void()> {
                const auto n = [](std::size_t size) { return static_cast<Eigen::Index>(size); };
                const Input b(p.b, n(p.inner), n(p.columns));
                Output c(p.c, n(p.rows), n(p.columns));
                if (p.transposed) {
                    const Input a(p.a, n(p.inner), n(p.rows));
                    return [a, b, c]() mutable { c.noalias() = a.transpose() * b; };
                }
                const Input a(p.a, n(p.rows), n(p.inner));
                return [a, b, c]() mutable { c.noalias() = a * b; };
            }};
}

}  // namespace tdca::peers
#else
namespace tdca::peers {
ProductPeer eigen() { return {"Eigen", "Debian package libeigen3-dev is not installed", {}}; }
}  // namespace tdca::peers
#endif
