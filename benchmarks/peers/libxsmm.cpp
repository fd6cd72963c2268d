// libxsmm: code generated for one shape.
#include "peers/products.hpp"

#ifdef TDCA_HAS_LIBXSMM
#include <libxsmm.h>

#include <stdexcept>

namespace tdca::peers {

ProductPeer libxsmm() {
    libxsmm_init();
    return {"libxsmm", std::string(LIBXSMM_VERSION) + ", " + libxsmm_get_target_arch(),
            [](const Product& p) -> std::function<void()> {
                // It is column-major: Cᵀ = Bᵀ · Aᵀ.
                const auto m = static_cast<libxsmm_blasint>(p.columns);
                const auto n = static_cast<libxsmm_blasint>(p.rows);
                const auto k = static_cast<libxsmm_blasint>(p.inner);
                const libxsmm_blasint a_stride = p.transposed ? n : k;
                const float alpha = 1;
                const float beta = 0;
                const int flags = p.transposed ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE;
                const int prefetch = LIBXSMM_PREFETCH_NONE;
                const libxsmm_smmfunction kernel = libxsmm_smmdispatch(
                    m, n, k, &m, &a_stride, &m, &alpha, &beta, &flags, &prefetch);
                if (kernel == nullptr) throw std::runtime_error("libxsmm has no kernel");
                return [kernel, p] { kernel(p.b, p.a, p.c); };
            }};
}

}  // namespace tdca::peers
#else
namespace tdca::peers {
ProductPeer libxsmm() { return {"libxsmm", "Debian package libxsmm-dev is not installed", {}}; }
}  // namespace tdca::peers
#endif
