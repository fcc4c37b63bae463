// Transport settings of one connection: RFC 9000 section 18.2 parameters, RFC 9002 recovery, and
// the limits that keep one peer from using more memory than it was given.
//
// Threads: a plain value.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/result.hpp"
#include "core/quic/types.hpp"

namespace midstream::quic {

// UDP payload of an Ethernet frame with 1500 bytes of MTU over IPv6: 1500 - 40 - 8.
inline constexpr std::size_t kEthernetPayload = 1452;
// Jumbo frames of 9000 bytes, and the most that Linux sends in one segmentation-offload call.
inline constexpr std::size_t kJumboPayload = 8952;
inline constexpr std::size_t kLargestPayload = 65000;
// RFC 9000 section 14: what every path must carry.
inline constexpr std::size_t kSmallestPayload = 1200;

struct TransportConfig {
  CongestionControl congestion_control = CongestionControl::kCubic;

  // Largest UDP payload sent, bytes, 1200…65000. Without discovery it is used from the first
  // packet on, so the path must carry it; with discovery (RFC 8899) sending starts at 1200 and
  // grows to it as probes arrive.
  std::size_t max_udp_payload = kEthernetPayload;
  bool mtu_discovery = false;

  Duration idle_timeout = 30 * kSecond;  // 0: never; less than kNever
  Duration handshake_timeout = 10 * kSecond;
  Duration keep_alive = 0;                     // 0: no PING frames
  Duration max_ack_delay = 25 * kMillisecond;  // below 2^14 ms (RFC 9000 section 18.2)
  Duration initial_rtt = 333 * kMillisecond;   // RFC 9002 section 6.2.2; not 0

  // Ack-eliciting packets until an ACK at once; fewer wait an eighth of a round trip, at most
  // max_ack_delay. 2 is what RFC 9000 section 13.2.2 recommends. More spares a bulk sender work:
  // with segmentation offload a burst of 45 packets costs one ACK whatever this is up to 45, and
  // one for each second burst is 5 % faster.
  std::size_t ack_threshold = 2;

  // Flow control, bytes: what may be delivered and not yet consumed. What may be on its way starts
  // lower, at 256 KiB, and follows the path up to connection_window (receive_window.hpp). A window
  // above what the socket buffers hold costs losses, not speed: 3 MiB with a 4 MiB receive buffer
  // lost nothing. Below 2^62 (a QUIC integer), as is the datagram frame; streams up to 2^60.
  std::uint64_t connection_window = 3 << 20;
  std::uint64_t stream_window = 3 << 20;
  std::uint64_t max_streams_bidirectional = 100;  // the peer may have open at a time
  std::uint64_t max_streams_unidirectional = 100;

  // Written by the application and not yet acknowledged, bytes. Beyond it write() takes less.
  std::size_t stream_send_buffer = 4 << 20;
  std::size_t connection_send_buffer = 32 << 20;

  // Memory the packet layer may hold for this connection, bytes; one that needs more is closed.
  std::size_t max_memory = 64 << 20;

  // Unreliable datagrams (RFC 9221): the largest frame accepted (0: none), and how many may wait
  // to be sent.
  std::size_t max_datagram_frame = 0;
  std::size_t max_queued_datagrams = 1024;
};

// Whether a connection can be made with these settings. Errors: kInvalidArgument, naming the first
// one out of the range given above. Dispatcher and Endpoint check it in connect() and listen().
Status validate(const TransportConfig& config);

}  // namespace midstream::quic
