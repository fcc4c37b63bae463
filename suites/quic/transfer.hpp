// Moving many bytes over one connection, timed and checked: what the throughput rows do.
//
// The verification launch moves a bounded number of bytes in the same configuration (streams,
// sizes, directions) and compares the SHA-256 of every stream at both ends. A timed launch compares
// every byte with the pattern, ends its streams after timing, and compares how much was sent with
// how much arrived, stream by stream.
//
// Threads: each call starts a server on a thread of its own and joins it.
#pragma once

#include <cstddef>

#include "suites/quic/peers.hpp"

namespace midstream::suites::quic {

// Bulk streams at once, each with its share of the connection's send buffer, so that all of them
// have data waiting; each must move during the timed part. The client writes `sent` and the server
// expects `expected`: the same, but in the tests that prove that a difference is found.
void bulk(Bench& bench, const Setup& setup, std::size_t streams, const Pattern& sent,
          const Pattern& expected);
void bulk(Bench& bench, const Setup& setup, std::size_t streams);

// Messages of `size` bytes, a stream each, many in flight; the server expects `expected_size`.
void messages(Bench& bench, const Setup& setup, std::size_t size, std::size_t expected_size);

// Both directions of one stream at once; the rate is their sum.
void bidirectional(Bench& bench, const Setup& setup);

// One stream to a server that hashes what it reads before it gives the window back: the sender has
// to be held up, and must not buffer beyond its limit.
void slow_reader(Bench& bench, const Setup& setup);

}  // namespace midstream::suites::quic
