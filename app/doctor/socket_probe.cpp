#include "app/doctor/socket_probe.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

// Older headers lack them; the kernel decides.
#if !defined(UDP_SEGMENT)
#define UDP_SEGMENT 103
#endif
#if !defined(UDP_GRO)
#define UDP_GRO 104
#endif

namespace midstream::app {
namespace {

constexpr std::uint16_t kSegment = 1000;
constexpr std::size_t kSegments = 4;
constexpr int kPatienceMs = 200;

class Socket {
 public:
  Socket() : descriptor_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

bool bind_to_loopback(int descriptor, sockaddr_in& address) {
  address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  return bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
         getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0;
}

// One call for kSegments datagrams, as far as the kernel is concerned.
bool send_segments(int descriptor, sockaddr_in& to) {
  std::array<char, kSegment * kSegments> payload{};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> control{};
  iovec data{.iov_base = payload.data(), .iov_len = payload.size()};
  msghdr message{};
  message.msg_name = &to;
  message.msg_namelen = sizeof to;
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = IPPROTO_UDP;
  header->cmsg_type = UDP_SEGMENT;
  header->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
  std::memcpy(CMSG_DATA(header), &kSegment, sizeof kSegment);
  return sendmsg(descriptor, &message, 0) == static_cast<ssize_t>(payload.size());
}

bool send_one(int descriptor, const sockaddr_in& to) {
  const char byte = 'x';
  return sendto(descriptor, &byte, 1, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 1;
}

// Bytes of the next datagram, or of the datagrams joined into one; -1: none came.
ssize_t receive(int descriptor) {
  pollfd ready{.fd = descriptor, .events = POLLIN, .revents = 0};
  if (poll(&ready, 1, kPatienceMs) != 1) return -1;
  std::array<char, kSegment * kSegments> buffer{};
  return recv(descriptor, buffer.data(), buffer.size(), 0);
}

}  // namespace

UdpOffload probe_udp_offload() {
  UdpOffload found;
  const Socket receiver;
  const Socket sender;
  sockaddr_in address{};
  const bool ready = receiver.get() >= 0 && sender.get() >= 0 &&
                     bind_to_loopback(receiver.get(), address) && send_one(sender.get(), address);
  if (!ready || receive(receiver.get()) != 1) {
    found.problem = ready ? "a datagram over loopback did not arrive" : std::strerror(errno);
    return found;
  }
  found.sockets = true;
  const int on = 1;
  const bool gro_set = setsockopt(receiver.get(), IPPROTO_UDP, UDP_GRO, &on, sizeof on) == 0;
  // A kernel that knows UDP_SEGMENT cuts the data; one that ignores it sends a single datagram.
  if (!send_segments(sender.get(), address)) return found;
  const ssize_t first = receive(receiver.get());
  const bool joined = first == static_cast<ssize_t>(kSegment * kSegments);
  found.gso = first == kSegment || (joined && gro_set);
  found.gro = joined && gro_set;
  return found;
}

}  // namespace midstream::app
