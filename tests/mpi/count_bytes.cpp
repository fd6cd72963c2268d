// What a process says to others: preloaded into an MPI program, it counts, by MPI's profiling
// interface, the bytes that the program hands to each call, and adds a line to a file at the end.
//
//   mpirun -np 2 env LD_PRELOAD=libcount_bytes.so COUNT_LOG=/a/file program …
//
// A line: rank, bytes given to MPI_Allreduce, bytes given to any other call that carries data; then
// the processor seconds between one combination of fitness and the next, what MPI itself took left
// out.
#include <mpi.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace {

long long reduced = 0;
long long others = 0;
double outside = 0;  // since the last combination
std::vector<double> generations;

double thread_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double returned = thread_seconds();

long long bytes(long long count, MPI_Datatype type) {
    int size = 0;
    PMPI_Type_size(type, &size);
    return count * size;
}

}  // namespace

extern "C" {

int MPI_Allreduce(const void* send, void* receive, int count, MPI_Datatype type, MPI_Op operation,
                  MPI_Comm communicator) {
    reduced += bytes(count, type);
    outside += thread_seconds() - returned;
    if (type == MPI_UINT64_T) {
        generations.push_back(outside);
        outside = 0;
    }
    const int code = PMPI_Allreduce(send, receive, count, type, operation, communicator);
    returned = thread_seconds();
    return code;
}

int MPI_Reduce(const void* send, void* receive, int count, MPI_Datatype type, MPI_Op operation,
               int root, MPI_Comm communicator) {
    others += bytes(count, type);
    return PMPI_Reduce(send, receive, count, type, operation, root, communicator);
}

int MPI_Bcast(void* buffer, int count, MPI_Datatype type, int root, MPI_Comm communicator) {
    others += bytes(count, type);
    return PMPI_Bcast(buffer, count, type, root, communicator);
}

int MPI_Allgather(const void* send, int send_count, MPI_Datatype send_type, void* receive,
                  int receive_count, MPI_Datatype receive_type, MPI_Comm communicator) {
    others += bytes(receive_count, receive_type);
    return PMPI_Allgather(send, send_count, send_type, receive, receive_count, receive_type,
                          communicator);
}

int MPI_Allgatherv(const void* send, int send_count, MPI_Datatype send_type, void* receive,
                   const int* receive_counts, const int* places, MPI_Datatype receive_type,
                   MPI_Comm communicator) {
    others += bytes(send_count, send_type);
    return PMPI_Allgatherv(send, send_count, send_type, receive, receive_counts, places,
                           receive_type, communicator);
}

int MPI_Send(const void* buffer, int count, MPI_Datatype type, int to, int tag,
             MPI_Comm communicator) {
    others += bytes(count, type);
    return PMPI_Send(buffer, count, type, to, tag, communicator);
}

int MPI_Isend(const void* buffer, int count, MPI_Datatype type, int to, int tag,
              MPI_Comm communicator, MPI_Request* request) {
    others += bytes(count, type);
    return PMPI_Isend(buffer, count, type, to, tag, communicator, request);
}

int MPI_Finalize() {
    int rank = 0;
    PMPI_Comm_rank(MPI_COMM_WORLD, &rank);
    const char* const name = std::getenv("COUNT_LOG");
    if (std::FILE* const log = name == nullptr ? nullptr : std::fopen(name, "a")) {
        std::fprintf(log, "%d %lld %lld", rank, reduced, others);
        for (const double seconds : generations) std::fprintf(log, " %.6f", seconds);
        std::fprintf(log, "\n");
        std::fclose(log);
    }
    return PMPI_Finalize();
}

}  // extern "C"
