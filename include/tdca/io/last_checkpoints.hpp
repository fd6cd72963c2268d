// LastCheckpoints: the newest checkpoints of a run, and a way past one that the disk has damaged.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/text.hpp"
#include "tdca/io/atomic_file.hpp"
#include "tdca/io/checkpoint.hpp"

namespace tdca::inline TDCA_ABI {

/// The last checkpoints of one run: NAME is the newest, NAME.1 the one before, and so on.
///
/// At every moment after the first `save`, whatever crashes, one of them is whole and `load` finds
/// it. A damaged one is passed over and renamed to NAME.damaged, never deleted. Where NAME is a
/// symbolic link, the file behind it is replaced, and is the only one. A read-only checkpoint is
/// never replaced.
template <class Strategy>
class LastCheckpoints {
public:
    using State = typename Strategy::State;

    /// Where a run goes on.
    struct Found {
        State state;
        std::filesystem::path file;       ///< that held it
        std::vector<std::string> damage;  ///< one sentence for each newer file that was passed over
    };

    /// No more than this many are kept.
    static constexpr std::size_t most = 100;

    /// @param newest NAME
    /// @param kept how many, 1 … `most`
    /// @param key, settings as `save_checkpoint`
    LastCheckpoints(std::filesystem::path newest, std::size_t kept, Key key, std::string settings)
        : newest_(std::move(newest)), kept_(kept), key_(key), settings_(std::move(settings)) {
        if (kept < 1 || kept > most) {
            throw Error("LastCheckpoints", "how many to keep", "1 to " + to_text(most),
                        to_text(kept));
        }
    }

    /// Writes NAME; older ones move up by one, and the oldest goes.
    ///
    /// @throws tdca::Error as `write_atomically`; the checkpoint before is then whole, as NAME or,
    ///   where only the very last step fails, as NAME.1
    void save(const State& state) const {
        const std::string bytes =
            detail::encode_checkpoint<Strategy>(newest_, state, key_, settings_);
        write_atomically(newest_, bytes, [this] { make_way(); });
    }

    /// The newest checkpoint that is whole; none where there is none at all.
    ///
    /// @param genes length of the genome
    /// @throws tdca::Error where all are damaged, or the newest whole one belongs to another
    ///   version, strategy, seed, settings or genome; nothing is changed then
    [[nodiscard]] std::optional<Found> load(std::size_t genes) const {
        std::vector<std::filesystem::path> damaged;
        std::vector<std::string> damage;
        for (std::size_t age = 0; age < most; ++age) {
            const std::filesystem::path file = aged(age);
            // A crash between two renames leaves a gap.
            if (!is_there(file)) continue;
            TensorFile tensors;
            try {
                tensors = detail::read_checkpoint(file);
            } catch (const Error& error) {
                damaged.push_back(file);
                damage.emplace_back(error.what());
                continue;
            }
            Found found{detail::state_in<Strategy>(tensors, genes, key_, settings_), file,
                        std::move(damage)};
            for (std::size_t i = 0; i < damaged.size(); ++i) {
                found.damage[i] += "; it is now " + set_aside(damaged[i]).string();
            }
            return found;
        }
        if (damage.empty()) return std::nullopt;
        throw Error(newest_.string(), "no checkpoint is whole: " + joined(damage, "; "));
    }

private:
    [[nodiscard]] std::filesystem::path aged(std::size_t age) const {
        return newest_.string() + (age == 0 ? "" : "." + to_text(age));
    }

    static bool is_there(const std::filesystem::path& file) {
        std::error_code problem;
        const bool found = std::filesystem::exists(file, problem);
        if (problem) throw Error(file.string(), "cannot be looked up: " + problem.message());
        return found;
    }

    /// From the oldest on, so that no rename overwrites any other than the oldest.
    void make_way() const {
        if (std::filesystem::is_symlink(newest_) || !is_there(newest_)) return;
        (void)detail::WriteTarget(aged(kept_ - 1));  // which goes
        for (std::size_t age = kept_ - 1; age > 0; --age) {
            if (std::rename(aged(age - 1).c_str(), aged(age).c_str()) != 0 && errno != ENOENT) {
                throw detail::system_error(aged(age - 1).string(), "cannot be renamed");
            }
        }
    }

    static std::filesystem::path set_aside(const std::filesystem::path& file) {
        const std::string name = file.string() + ".damaged";
        std::filesystem::path aside = name;
        for (int number = 2; is_there(aside); ++number) {
            aside = name + "." + to_text(number);
        }
        if (std::rename(file.c_str(), aside.c_str()) != 0) {
            throw detail::system_error(file.string(), "is damaged, and cannot be renamed");
        }
        return aside;
    }

    std::filesystem::path newest_;
    std::size_t kept_;
    Key key_;
    std::string settings_;
};

}  // namespace tdca
