#include "core/quic/udp_socket.hpp"

#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace midstream::quic {
namespace {

// Of <linux/udp.h>, which the C library's headers may lack.
constexpr int kUdpSegment = 103;
constexpr int kUdpGro = 104;

constexpr std::size_t kOffloadSlot = 65536;
constexpr std::size_t kOffloadSlots = 8;  // half a MiB: stays in the second-level cache
constexpr std::size_t kBatchSlots = 64;
// A burst of small datagrams fills a small part of its slot; huge slots for them waste cache.
constexpr std::size_t kSmallSlot = 2048;

Error system_error(const char* what) {
  return {ErrorCode::kIo, std::string(what) + ": " + std::strerror(errno)};
}

bool set_option(int descriptor, int level, int name, int value) {
  return setsockopt(descriptor, level, name, &value, sizeof value) == 0;
}

struct alignas(cmsghdr) ControlBuffer {
  std::array<char, 64> bytes;
};

}  // namespace

struct UdpSocket::Batch {
  Batch(std::size_t slots, std::size_t slot)
      : slot_size(slot),
        storage(slots * slot),
        messages(slots),
        vectors(slots),
        senders(slots),
        controls(slots) {}

  // The kernel writes into a used header (lengths, flags); an unused one stays as it was, so that
  // a poll that finds nothing prepares nothing.
  void prepare(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      vectors[i] = {storage.data() + i * slot_size, slot_size};
      msghdr& header = messages[i].msg_hdr;
      header = {};
      header.msg_name = senders[i].data();
      header.msg_namelen = sizeof(sockaddr_in6);
      header.msg_iov = &vectors[i];
      header.msg_iovlen = 1;
      header.msg_control = controls[i].bytes.data();
      header.msg_controllen = controls[i].bytes.size();
    }
  }

  std::size_t slot_size;
  std::vector<std::byte> storage;
  std::vector<mmsghdr> messages;
  std::vector<iovec> vectors;
  std::vector<Address> senders;
  std::vector<ControlBuffer> controls;
};

UdpSocket::~UdpSocket() {
  if (descriptor_ >= 0) close(descriptor_);
}

Result<std::unique_ptr<UdpSocket>> UdpSocket::open(const UdpSocketConfig& config) {
  std::unique_ptr<UdpSocket> result(new UdpSocket);
  const Status configured = result->configure(config);
  if (!configured) return configured.error();
  return result;
}

Status UdpSocket::configure(const UdpSocketConfig& config) {
  const int family = config.bind.family();
  descriptor_ = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) return system_error("socket");
  if (bind(descriptor_, config.bind.data(), config.bind.size()) != 0) return system_error("bind");
  if (config.peer) {
    if (connect(descriptor_, config.peer->data(), config.peer->size()) != 0) {
      return system_error("connect");
    }
    connected_ = true;
  }
  socklen_t size = sizeof(sockaddr_in6);
  if (getsockname(descriptor_, local_.data(), &size) != 0) return system_error("getsockname");
  // Buffers are wishes; what was granted is read back.
  set_option(descriptor_, SOL_SOCKET, SO_RCVBUF, static_cast<int>(config.receive_buffer));
  set_option(descriptor_, SOL_SOCKET, SO_SNDBUF, static_cast<int>(config.send_buffer));
  int granted = 0;
  size = sizeof granted;
  getsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &granted, &size);
  receive_buffer_ = static_cast<std::size_t>(granted);
  // RFC 9000 section 14: datagrams must not be fragmented.
  if (family == AF_INET6) {
    set_option(descriptor_, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DO);
  } else {
    set_option(descriptor_, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO);
  }
  probe_offload(config);
  if (config.io == DatagramIo::kSegmentationOffload && io_ != config.io) {
    return Error{ErrorCode::kUnavailable, "this kernel has no UDP segmentation offload"};
  }
  const bool large = receive_offload_;
  const std::size_t slot = large ? kOffloadSlot : std::max(kSmallSlot, config.max_datagram);
  batch_ = std::make_unique<Batch>(large ? kOffloadSlots : kBatchSlots, slot);
  batch_->prepare(batch_->messages.size());
  return {};
}

void UdpSocket::probe_offload(const UdpSocketConfig& config) {
  io_ = config.io;
  if (io_ != DatagramIo::kAutomatic && io_ != DatagramIo::kSegmentationOffload) return;
  // Setting a segment size of zero changes nothing but fails where the option is unknown.
  const bool segments = set_option(descriptor_, IPPROTO_UDP, kUdpSegment, 0);
  io_ = segments ? DatagramIo::kSegmentationOffload : DatagramIo::kBatched;
  receive_offload_ =
      segments && config.receive_offload && set_option(descriptor_, IPPROTO_UDP, kUdpGro, 1);
}

std::size_t UdpSocket::receive_single(const Sink& sink) {
  Address from;
  std::size_t count = 0;
  for (; count < kBatchSlots; ++count) {
    socklen_t size = sizeof(sockaddr_in6);
    const ssize_t got = recvfrom(descriptor_, batch_->storage.data(), batch_->slot_size, MSG_TRUNC,
                                 from.data(), &size);
    ++statistics_.receive_calls;
    if (got < 0) break;
    if (static_cast<std::size_t>(got) > batch_->slot_size) {
      ++statistics_.truncated;
      continue;
    }
    sink(from, {batch_->storage.data(), static_cast<std::size_t>(got)});
  }
  statistics_.datagrams_received += count;
  return count;
}

std::size_t UdpSocket::receive(const Sink& sink) {
  if (io_ == DatagramIo::kSingle) return receive_single(sink);
  Batch& batch = *batch_;
  const int received =
      recvmmsg(descriptor_, batch.messages.data(), static_cast<unsigned>(batch.messages.size()),
               MSG_DONTWAIT, nullptr);
  ++statistics_.receive_calls;
  std::size_t datagrams = 0;
  for (int i = 0; i < received; ++i) {
    const auto index = static_cast<std::size_t>(i);
    msghdr& header = batch.messages[index].msg_hdr;
    if ((header.msg_flags & MSG_TRUNC) != 0) {
      ++statistics_.truncated;
      continue;
    }
    const std::size_t size = batch.messages[index].msg_len;
    std::size_t segment = size;
    for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr;
         control = CMSG_NXTHDR(&header, control)) {
      if (control->cmsg_level == IPPROTO_UDP && control->cmsg_type == kUdpGro) {
        int value = 0;
        std::memcpy(&value, CMSG_DATA(control), sizeof value);
        segment = static_cast<std::size_t>(value);
      }
    }
    const auto* bytes = static_cast<const std::byte*>(header.msg_iov->iov_base);
    for (std::size_t offset = 0; offset < size; offset += segment) {
      sink(batch.senders[index], {bytes + offset, std::min(segment, size - offset)});
      ++datagrams;
    }
  }
  statistics_.datagrams_received += datagrams;
  if (received > 0) batch.prepare(static_cast<std::size_t>(received));
  return datagrams;
}

std::size_t UdpSocket::send(const Address& to, ByteView bytes, std::size_t segment) {
  if (segment >= bytes.size()) return send_single(to, bytes, segment);
  if (io_ == DatagramIo::kSegmentationOffload) return send_segmented(to, bytes, segment);
  if (io_ == DatagramIo::kBatched) return send_batched(to, bytes, segment);
  return send_single(to, bytes, segment);
}

std::size_t UdpSocket::send_segmented(const Address& to, ByteView bytes, std::size_t segment) {
  iovec vector{const_cast<std::byte*>(bytes.data()), bytes.size()};
  ControlBuffer control{};
  msghdr header{};
  header.msg_name = name_of(to);
  header.msg_namelen = name_size(to);
  header.msg_iov = &vector;
  header.msg_iovlen = 1;
  header.msg_control = control.bytes.data();
  header.msg_controllen = CMSG_SPACE(sizeof(std::uint16_t));
  cmsghdr* option = CMSG_FIRSTHDR(&header);
  option->cmsg_level = IPPROTO_UDP;
  option->cmsg_type = kUdpSegment;
  option->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
  const auto size = static_cast<std::uint16_t>(segment);
  std::memcpy(CMSG_DATA(option), &size, sizeof size);
  for (;;) {
    const ssize_t sent = sendmsg(descriptor_, &header, MSG_NOSIGNAL);
    ++statistics_.send_calls;
    if (sent >= 0) {
      statistics_.datagrams_sent += (bytes.size() + segment - 1) / segment;
      return bytes.size();
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == ENOBUFS) return 0;
    if (errno == EIO || errno == EINVAL || errno == EMSGSIZE || errno == EOPNOTSUPP) {
      // The route cannot segment (no checksum offload, a smaller MTU): never try again.
      io_ = DatagramIo::kBatched;
      return send_batched(to, bytes, segment);
    }
    ++statistics_.send_errors;  // e.g. ECONNREFUSED: to QUIC a datagram that got lost
    return bytes.size();
  }
}

std::size_t UdpSocket::send_batched(const Address& to, ByteView bytes, std::size_t segment) {
  std::array<mmsghdr, kBatchSlots> messages;
  std::array<iovec, kBatchSlots> vectors;
  std::size_t offset = 0;
  while (offset < bytes.size()) {
    unsigned count = 0;
    for (std::size_t at = offset; at < bytes.size() && count < kBatchSlots; at += segment) {
      const std::size_t size = std::min(segment, bytes.size() - at);
      vectors[count] = {const_cast<std::byte*>(bytes.data()) + at, size};
      messages[count] = {};
      messages[count].msg_hdr.msg_name = name_of(to);
      messages[count].msg_hdr.msg_namelen = name_size(to);
      messages[count].msg_hdr.msg_iov = &vectors[count];
      messages[count].msg_hdr.msg_iovlen = 1;
      ++count;
    }
    const int sent = sendmmsg(descriptor_, messages.data(), count, MSG_NOSIGNAL);
    ++statistics_.send_calls;
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == ENOBUFS)) return offset;
    if (sent < 0) {
      ++statistics_.send_errors;
      offset += vectors[0].iov_len;  // this one is lost; the others may still go
      continue;
    }
    statistics_.datagrams_sent += static_cast<std::uint64_t>(sent);
    for (int i = 0; i < sent; ++i) offset += vectors[static_cast<std::size_t>(i)].iov_len;
  }
  return offset;
}

std::size_t UdpSocket::send_single(const Address& to, ByteView bytes, std::size_t segment) {
  std::size_t offset = 0;
  while (offset < bytes.size()) {
    const std::size_t size = std::min(segment, bytes.size() - offset);
    const ssize_t sent =
        sendto(descriptor_, bytes.data() + offset, size, MSG_NOSIGNAL, name_of(to), name_size(to));
    ++statistics_.send_calls;
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == ENOBUFS)) return offset;
    sent < 0 ? ++statistics_.send_errors : ++statistics_.datagrams_sent;
    offset += size;
  }
  return offset;
}

}  // namespace midstream::quic
