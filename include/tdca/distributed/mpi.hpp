// Evolution on many machines, by MPI. An optional part: link tdca::mpi.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <span>
#include <string>

#include "tdca/concepts/ranks.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// @throws tdca::Error with MPI's own words
inline void require_mpi(int code, const char* what) {
    if (code == MPI_SUCCESS) return;
    char text[MPI_MAX_ERROR_STRING];
    int length = 0;
    MPI_Error_string(code, text, &length);
    throw Error(what, std::string(text, static_cast<std::size_t>(length)));
}

}  // namespace detail

/// The processes of an MPI job. They share the run's key and draw the same noise from it, so all
/// that they exchange is fitness: 8 bytes a lifetime and generation, whatever the genome's length.
/// Every process holds the same genome, bit for bit, for any number of processes.
///
///     const MpiSession session(argc, argv);
///     Evolution<Snes, Lives, MpiRanks> evolution({}, lives, key, threads, Aggregation::rank,
///                                                session.ranks());
///
/// Where MPI fails, it ends the job; a host program that has it return errors instead is thrown a
/// tdca::Error. The checkpoint of an earlier generation is whole, and any number of processes can
/// go on from it.
///
/// A copy is another name for the same processes; it must not outlive its session.
class MpiRanks {
public:
    [[nodiscard]] std::size_t rank() const noexcept { return rank_; }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }

    /// One MPI_Allreduce. Bits are combined, not numbers: NaN and −0 arrive as they left.
    ///
    /// @throws tdca::Error where MPI fails
    void combine(std::span<double> values) const {
        static_assert(sizeof(double) == sizeof(std::uint64_t) &&
                      std::numeric_limits<double>::is_iec559);
        constexpr std::size_t most = std::size_t{1} << 30U;  // MPI counts in int
        while (!values.empty()) {
            const auto part = values.first(values.size() < most ? values.size() : most);
            detail::require_mpi(
                MPI_Allreduce(MPI_IN_PLACE, part.data(), static_cast<int>(part.size()),
                              MPI_UINT64_T, MPI_BOR, communicator_),
                "MPI_Allreduce");
            values = values.subspan(part.size());
        }
    }

    [[nodiscard]] bool any(bool flag) const {
        int value = flag ? 1 : 0;
        detail::require_mpi(MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_INT, MPI_MAX, communicator_),
                            "MPI_Allreduce");
        return value != 0;
    }

private:
    friend class MpiSession;
    explicit MpiRanks(MPI_Comm communicator) : communicator_(communicator) {
        int rank = 0;
        int count = 1;
        detail::require_mpi(MPI_Comm_rank(communicator, &rank), "MPI_Comm_rank");
        detail::require_mpi(MPI_Comm_size(communicator, &count), "MPI_Comm_size");
        rank_ = static_cast<std::size_t>(rank);
        count_ = static_cast<std::size_t>(count);
    }

    MPI_Comm communicator_;
    std::size_t rank_ = 0;
    std::size_t count_ = 1;
};

static_assert(Ranks<MpiRanks>);

/// Joins the MPI job when it is made, and leaves it when it ends. Where it ends because of an
/// exception, it ends the whole job: the other processes would wait for this one for ever.
class MpiSession {
public:
    /// @throws tdca::Error where MPI fails
    MpiSession(int& argc, char**& argv) {
        int provided = 0;
        // Threads evaluate; only the one that made the session talks to others.
        detail::require_mpi(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided),
                            "MPI_Init_thread");
        // A communicator of our own: no message of the host program can be taken for one of ours.
        detail::require_mpi(MPI_Comm_dup(MPI_COMM_WORLD, &communicator_), "MPI_Comm_dup");
    }
    MpiSession(const MpiSession&) = delete;
    MpiSession& operator=(const MpiSession&) = delete;
    ~MpiSession() {
        if (std::uncaught_exceptions() > exceptions_) abort(2);
        MPI_Comm_free(&communicator_);
        MPI_Finalize();
    }

    [[nodiscard]] MpiRanks ranks() const { return MpiRanks(communicator_); }

    /// Ends every process of the job.
    void abort(int code) const noexcept { MPI_Abort(communicator_, code); }

private:
    MPI_Comm communicator_ = MPI_COMM_NULL;
    int exceptions_ = std::uncaught_exceptions();
};

}  // namespace tdca
