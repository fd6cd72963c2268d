// The product as anyone would write it, with the compiler's own vectorisation.
#include "peers/products.hpp"

namespace tdca::peers {

ProductPeer plain_loop() {
    return {"plain loop", "compiled with the flags of this program", [](const Product& p) {
                return [p] {
                    const std::size_t row_stride = p.transposed ? 1 : p.inner;
                    const std::size_t inner_stride = p.transposed ? p.rows : 1;
                    for (std::size_t r = 0; r < p.rows; ++r) {
                        float* const out = p.c + r * p.columns;
                        for (std::size_t j = 0; j < p.columns; ++j) out[j] = 0;
                        for (std::size_t k = 0; k < p.inner; ++k) {
                            const float a = p.a[r * row_stride + k * inner_stride];
                            const float* const b = p.b + k * p.columns;
                            for (std::size_t j = 0; j < p.columns; ++j) out[j] += a * b[j];
                        }
                    }
                };
            }};
}

}  // namespace tdca::peers
