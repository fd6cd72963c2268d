// OpenBLAS.
#include "peers/products.hpp"

#ifdef TDCA_HAS_OPENBLAS
#include <cblas.h>

#include <string>

namespace tdca::peers {

ProductPeer openblas() {
    openblas_set_num_threads(1);
    return {"OpenBLAS", std::string(openblas_get_config()) + ", kernel " + openblas_get_corename(),
            [](const Product& p) {
                return [p] {
                    const auto n = [](std::size_t size) { return static_cast<blasint>(size); };
                    cblas_sgemm(CblasRowMajor, p.transposed ? CblasTrans : CblasNoTrans,
                                CblasNoTrans, n(p.rows), n(p.columns), n(p.inner), 1.0F, p.a,
                                n(p.transposed ? p.rows : p.inner), p.b, n(p.columns), 0.0F, p.c,
                                n(p.columns));
                };
            }};
}

}  // namespace tdca::peers
#else
namespace tdca::peers {
ProductPeer openblas() {
    return {"OpenBLAS", "Debian package libopenblas-dev is not installed", {}};
}
}  // namespace tdca::peers
#endif
