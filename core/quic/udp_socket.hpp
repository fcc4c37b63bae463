// A UDP socket that moves many datagrams per system call.
//
// Three ways, fastest first: segmentation offload (one call carries up to 64 equal segments;
// UDP_SEGMENT and UDP_GRO of Linux), batches (sendmmsg, recvmmsg), single datagrams. kAutomatic
// starts with the fastest the kernel admits; a kernel, driver or tunnel that refuses a segmented
// send later (EIO, EINVAL) makes the socket fall back to batches for good, with nothing lost.
//
// Threads: one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/result.hpp"
#include "core/quic/address.hpp"
#include "core/quic/types.hpp"

namespace midstream::quic {

enum class DatagramIo : std::uint8_t { kAutomatic, kSegmentationOffload, kBatched, kSingle };

constexpr const char* name_of(DatagramIo io) {
  constexpr std::array kNames{"automatic", "gso", "mmsg", "single"};
  return kNames[static_cast<std::size_t>(io)];
}

struct UdpSocketConfig {
  Address bind = Address::loopback();
  // Sent to and heard from, and nobody else: the kernel drops what others send. For clients.
  std::optional<Address> peer = {};
  DatagramIo io = DatagramIo::kAutomatic;
  bool receive_offload = true;           // GRO; only together with segmentation offload
  std::size_t receive_buffer = 4 << 20;  // bytes asked of the kernel, which may give less
  std::size_t send_buffer = 4 << 20;
  std::size_t max_datagram = 65535;  // receive slot without GRO
};

struct UdpSocketStatistics {
  std::uint64_t send_calls = 0, receive_calls = 0;
  std::uint64_t datagrams_sent = 0, datagrams_received = 0;
  std::uint64_t send_errors = 0;  // refused by the kernel: lost, as by a network
  std::uint64_t truncated = 0;    // longer than max_datagram, dropped
};

class UdpSocket {
 public:
  // Sends go to `peer` whatever they name, if there is one. Errors: kIo with errno's text;
  // kUnavailable if kSegmentationOffload was asked for by name and the kernel has none.
  static Result<std::unique_ptr<UdpSocket>> open(const UdpSocketConfig& config);
  ~UdpSocket();
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  // Receives what is there, at most one batch, without waiting; returns the number of datagrams.
  // The sink gets each datagram and its sender; the bytes die with the next call.
  using Sink = std::function<void(const Address& from, ByteView datagram)>;
  std::size_t receive(const Sink& sink);

  // Sends datagrams of `segment` bytes each (the last may be shorter), all to one address.
  // Returns how many bytes were taken: less than all when the socket's buffer is full.
  std::size_t send(const Address& to, ByteView bytes, std::size_t segment);

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] const Address& local() const { return local_; }
  // What is in use now, after any fallback.
  [[nodiscard]] DatagramIo io() const { return io_; }
  [[nodiscard]] bool receive_offload() const { return receive_offload_; }
  // What the kernel gave, as it accounts it (twice what was asked, if it was granted).
  [[nodiscard]] std::size_t receive_buffer() const { return receive_buffer_; }
  [[nodiscard]] const UdpSocketStatistics& statistics() const { return statistics_; }

 private:
  UdpSocket() = default;
  Status configure(const UdpSocketConfig& config);
  void probe_offload(const UdpSocketConfig& config);
  std::size_t send_segmented(const Address& to, ByteView bytes, std::size_t segment);
  std::size_t send_batched(const Address& to, ByteView bytes, std::size_t segment);
  std::size_t send_single(const Address& to, ByteView bytes, std::size_t segment);
  std::size_t receive_single(const Sink& sink);

  // What a send names: a connected socket's peer is not named again.
  [[nodiscard]] sockaddr* name_of(const Address& to) const {
    return connected_ ? nullptr : const_cast<sockaddr*>(to.data());
  }
  [[nodiscard]] socklen_t name_size(const Address& to) const { return connected_ ? 0 : to.size(); }

  struct Batch;
  int descriptor_ = -1;
  bool connected_ = false;
  Address local_;
  DatagramIo io_ = DatagramIo::kSingle;
  bool receive_offload_ = false;
  std::size_t receive_buffer_ = 0;
  std::unique_ptr<Batch> batch_;
  UdpSocketStatistics statistics_;
};

}  // namespace midstream::quic
