// Pipeline: one network's updates with its layers at work side by side.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <thread>
#include <utility>

#include "tdca/concepts/minibatches.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/training/lifetime.hpp"

namespace tdca::inline TDCA_ABI {

/// Trains one network on several threads, layer by layer, with the same bits as on one.
///
/// No credit waits for another layer, so once credits are assigned every layer learns on its own;
/// and a layer that has learned may process the next minibatch as soon as the layer below has. Of
/// update t, with layers 0 … D − 1,
///   learn(i, t) needs assign(t),
///   forward(i, t + 1) needs learn(i, t) and forward(i − 1, t + 1),
///   assign(t + 1) needs forward(D − 1, t + 1).
/// The longest chain of D equal layers is D + 1 of its 2 D pieces of work: two threads can be up to
/// 2 D / (D + 1) times as fast as one. Backpropagation has no such slack: its chain is all of them.
///
/// Threads wait for each other by spinning, some tens of thousands of times a second: it pays where
/// layers take several microseconds each and the cores are free (docs/performance.md).
///
/// @tparam LearnerType `Learner<…>`
/// @tparam Samples minibatch size
template <class LearnerType, std::size_t Samples = 64>
class Pipeline {
    using Net = typename LearnerType::network;
    static constexpr std::size_t depth = Net::depth;

public:
    Pipeline() : memory_(std::make_unique<Memory>()) {}

    /// Draws the next minibatch and updates on it, `count` times; as `life.train`, bit for bit.
    ///
    /// @param threads that work on it; 1 is `life.train`
    /// @throws tdca::Error as `life.train`
    template <MinibatchSource<Samples, typename LearnerType::Target> Source>
    void train(Lifetime<LearnerType, Samples>& life, const Source& source, std::size_t count,
               int threads) {
        life.check_training(source, count);
        if (threads <= 1 || count < 2) {
            life.train(source, count);
            return;
        }
        life.train(source, 1);  // the first update the plain way
        const auto draw = [&source, first = life.state().age](std::size_t update, Slot& slot) {
            source.draw(first + update, slot.inputs, slot.targets);
        };
        Run run{life.genome(), life.course(), life.state(), draw, count - 1, life.state().age, {}};
        run.draw(0, slot(0));
        for (const Work& forward : forwards) (this->*forward)(run, 0);
        assign(run, 0);
        for (auto& done : memory_->done) done.value.store(-1, std::memory_order_relaxed);
        memory_->done[assigning].value.store(0, std::memory_order_release);
        parallel_team(threads,
                      [&](std::size_t thread, std::size_t team) { work(run, thread, team); });
    }

private:
    /// What a minibatch leaves on its way up. Two: one is learned from while the next one rises.
    struct Slot {
        alignas(alignment) std::array<float, Samples * Net::input_shape::size> inputs;
        std::array<typename LearnerType::Target, Samples> targets;
        typename Net::template Activities<Samples> activities;
        typename Net::template Eligibilities<Samples> eligibilities;
    };

    struct Run {
        const typename LearnerType::Genome& genome;
        const Course& course;
        typename LearnerType::State& state;
        std::function<void(std::size_t, Slot&)> draw;
        std::size_t updates;
        std::size_t first_age;
        Progress progress;
    };
    using Work = void (Pipeline::*)(Run&, std::size_t);

    // The pieces of work that update t starts, by number: learn(i, t), then forward(i, t + 1), then
    // these two of update t + 1.
    static constexpr std::size_t assigning = 2 * depth;
    static constexpr std::size_t drawing = 2 * depth + 1;
    static constexpr std::size_t pieces = 2 * depth + 2;

    /// The order in which every thread does its own pieces. Each comes after all that it needs, so
    /// that whoever waits, waits for a piece that another thread is at or comes to.
    static constexpr std::array<std::size_t, pieces> order = [] {
        std::array<std::size_t, pieces> result{};
        std::size_t place = 0;
        for (std::size_t layer = 0; layer < depth; ++layer) {
            result[place++] = layer;
            result[place++] = layer == 0 ? drawing : depth + layer - 1;
        }
        result[place++] = 2 * depth - 1;
        result[place++] = assigning;
        return result;
    }();

    struct alignas(alignment) Done {
        std::atomic<std::int64_t> value{-1};  ///< the last update that it is done for
    };
    struct Memory {
        std::array<Slot, 2> slots;
        typename LearnerType::template Assignment<Samples> assignment;
        std::array<Done, pieces> done;
    };

    void assign(Run& run, std::size_t update) {
        run.progress = LearnerType::template assign<Samples>(
            run.genome, run.course,
            std::span<const typename LearnerType::Target, Samples>(slot(update).targets),
            slot(update).activities, slot(update).eligibilities, run.state, memory_->assignment);
    }
    template <std::size_t I>
    void forward(Run& run, std::size_t update) {
        Slot& at = slot(update);
        Net::template forward_layer_training<I, Samples>(
            run.state.params, inputs(at), at.activities, at.eligibilities,
            run.state.noise / (run.first_age + update));
    }
    template <std::size_t I>
    void learn(Run& run, std::size_t update) {
        const Slot& at = slot(update);
        LearnerType::template learn<I, Samples>(run.genome, run.progress, inputs(at), at.activities,
                                                at.eligibilities, run.state, memory_->assignment);
    }

    [[nodiscard]] Slot& slot(std::size_t update) noexcept { return memory_->slots[update % 2]; }
    [[nodiscard]] static std::span<const float, Samples * Net::input_shape::size> inputs(
        const Slot& slot) noexcept {
        return slot.inputs;
    }

    /// Which thread a piece belongs to. A layer stays with its thread, and so its synapses stay in
    /// one core's cache; neighbours are on different threads, since they are at work together.
    static constexpr std::size_t owner(std::size_t piece, std::size_t team) noexcept {
        if (piece == drawing) return 1 % team;
        return (piece == assigning ? depth - 1 : piece % depth) % team;
    }

    /// All pieces of one thread.
    void work(Run& run, std::size_t thread, std::size_t team) {
        for (std::size_t update = 0; update < run.updates; ++update) {
            for (const std::size_t piece : order) {
                if (owner(piece, team) != thread) continue;
                if (piece < depth) {
                    wait(assigning, update);
                    (this->*learns[piece])(run, update);
                    finish(piece, update);
                } else if (update + 1 < run.updates) {
                    rise(run, piece, update + 1);
                }
            }
        }
    }

    /// A piece of minibatch number `update`'s way up.
    void rise(Run& run, std::size_t piece, std::size_t update) {
        if (piece == drawing) {
            wait(assigning, update - 1);
            run.draw(update, slot(update));
        } else if (piece == assigning) {
            wait(2 * depth - 1, update);
            assign(run, update);
        } else {
            const std::size_t layer = piece - depth;
            wait(layer, update - 1);
            wait(layer == 0 ? drawing : piece - 1, update);
            (this->*forwards[layer])(run, update);
        }
        finish(piece, update);
    }

    void wait(std::size_t piece, std::size_t update) const noexcept {
        const auto& done = memory_->done[piece].value;
        // Waits are short; a thread that has lost its core gives the others a chance.
        for (int spin = 0; done.load(std::memory_order_acquire) < static_cast<std::int64_t>(update);
             ++spin) {
            if (spin > 10'000) std::this_thread::yield();
        }
    }
    void finish(std::size_t piece, std::size_t update) noexcept {
        memory_->done[piece].value.store(static_cast<std::int64_t>(update),
                                         std::memory_order_release);
    }

    static constexpr std::array<Work, depth> forwards =
        []<std::size_t... I>(std::index_sequence<I...>) {
            return std::array<Work, depth>{&Pipeline::template forward<I>...};
        }(std::make_index_sequence<depth>{});
    static constexpr std::array<Work, depth> learns =
        []<std::size_t... I>(std::index_sequence<I...>) {
            return std::array<Work, depth>{&Pipeline::template learn<I>...};
        }(std::make_index_sequence<depth>{});

    std::unique_ptr<Memory> memory_;
};

}  // namespace tdca
