#include "core/quic/transport_config.hpp"

#include <string>

namespace midstream::quic {
namespace {

constexpr std::uint64_t kLargestInteger = (std::uint64_t{1} << 62) - 1;  // RFC 9000 section 16
constexpr std::uint64_t kMostStreams = std::uint64_t{1} << 60;           // section 4.6
constexpr Duration kAckDelayLimit = (Duration{1} << 14) * kMillisecond;  // section 18.2

Error out_of_range(const char* setting, const char* range) {
  return {ErrorCode::kInvalidArgument, std::string(setting) + " must be " + range};
}

}  // namespace

Status validate(const TransportConfig& config) {
  if (config.max_udp_payload < kSmallestPayload || config.max_udp_payload > kLargestPayload) {
    return out_of_range("max_udp_payload", "1200 to 65000 bytes (RFC 9000 14)");
  }
  if (config.idle_timeout == kNever) return out_of_range("idle_timeout", "0 for never");
  if (config.max_ack_delay >= kAckDelayLimit) {
    return out_of_range("max_ack_delay", "below 2^14 ms (RFC 9000 18.2)");
  }
  if (config.initial_rtt == 0) return out_of_range("initial_rtt", "above 0 (RFC 9002 6.2.2)");
  if (config.connection_window > kLargestInteger || config.stream_window > kLargestInteger) {
    return out_of_range("connection_window and stream_window", "below 2^62 (RFC 9000 16)");
  }
  if (config.max_streams_bidirectional > kMostStreams ||
      config.max_streams_unidirectional > kMostStreams) {
    return out_of_range("max_streams", "2^60 at most (RFC 9000 4.6)");
  }
  if (config.max_datagram_frame > kLargestInteger) {
    return out_of_range("max_datagram_frame", "below 2^62 (RFC 9221 3)");
  }
  if (config.stream_send_buffer == 0 || config.connection_send_buffer == 0) {
    return out_of_range("stream_send_buffer and connection_send_buffer", "above 0");
  }
  return {};
}

}  // namespace midstream::quic
