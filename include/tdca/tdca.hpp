// The whole library but its side rooms: programs include this or, for shorter compile times, what
// they use. Headers of tdca never include it.
//
// Left out, since they link zlib or JSON (target tdca::io): tdca/data/idx.hpp, tdca/data/csv.hpp
// and tdca/io/*.
#pragma once

// IWYU pragma: begin_exports
#include "tdca/core/error.hpp"
#include "tdca/core/field.hpp"
#include "tdca/core/gemm.hpp"
#include "tdca/core/genome.hpp"
#include "tdca/core/lanes.hpp"
#include "tdca/core/memory.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/progress.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/core/simd.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/version.hpp"
// data → bottom_up → signal → top_down → credit → plasticity → learner: the inner loop
#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/initializers.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/sampler.hpp"
#include "tdca/data/transform.hpp"
#include "tdca/learner/cohort.hpp"
#include "tdca/learner/learner.hpp"
#include "tdca/learner/lifetime.hpp"
#include "tdca/learner/measures.hpp"
#include "tdca/learner/pipeline.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/plasticity/momentum.hpp"
#include "tdca/plasticity/plain.hpp"
#include "tdca/plasticity/schedule.hpp"
#include "tdca/plasticity/synapses.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/feedback.hpp"
#include "tdca/top_down/top_down_network.hpp"
// learner → task → evolution → meta: the outer loop
#include "tdca/evolution/openai_es.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/meta/evolution.hpp"
#include "tdca/meta/plateau.hpp"
#include "tdca/meta/progress.hpp"
#include "tdca/task/classification.hpp"
#include "tdca/task/distribution.hpp"
#include "tdca/task/mixture.hpp"
// IWYU pragma: end_exports
