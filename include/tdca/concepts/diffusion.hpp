// The contract of a credit diffusion.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

namespace tdca {

/// How the credit of few sources reaches the neurons of a layer of any width.
///
/// `D::sources<Neurons>` sources (`D::genome_sources` where they are evolved, of whatever width);
/// `D::Genome` its genes; `D::is_identity` when every neuron is its
/// own source; `D::kernel<Neurons>(genome, K)` fills K, sources × neurons, once per lifetime:
/// credit = source signals · K, so diffusion is linear by construction. The kernel is a function
/// of positions in [0, 1], so the same genes serve every width.
template <class D>
concept Diffusion = std::default_initializable<typename D::Genome> &&
                    requires(const typename D::Genome& genome,
                             std::span<float, D::template sources<24> * 24> kernel) {
                        { D::genome_sources } -> std::convertible_to<std::size_t>;
                        { D::is_identity } -> std::convertible_to<bool>;
                        { D::template kernel<24>(genome, kernel) } noexcept;
                    };

}  // namespace tdca
