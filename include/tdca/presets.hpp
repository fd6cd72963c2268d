// The front door to training: designs that serve, by name, with the genome that was evolved for
// them.
#pragma once

// IWYU pragma: begin_exports
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/training/autoencoder.hpp"
#include "tdca/training/classifier.hpp"
#include "tdca/training/multi_label_classifier.hpp"
#include "tdca/training/regressor.hpp"
#include "tdca/training/sequence_classifier.hpp"
#include "tdca/training/sequence_regressor.hpp"
#include "tdca/training/universal.hpp"
// IWYU pragma: end_exports
