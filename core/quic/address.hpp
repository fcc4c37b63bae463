// An IPv4 or IPv6 socket address, and the pair of them that QUIC calls a path.
//
// Threads: plain values.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace midstream::quic {

class Address {
 public:
  Address() = default;

  static Address loopback(std::uint16_t port = 0);
  static Address loopback_v6(std::uint16_t port = 0);

  // "127.0.0.1:4433" or "[::1]:4433"; names are not resolved. Errors: kParse.
  static Result<Address> parse(std::string_view text);

  // Any other family than IPv4 and IPv6 gives an empty address.
  static Address from(const sockaddr* address);

  [[nodiscard]] bool empty() const { return storage_.sa.sa_family == AF_UNSPEC; }
  [[nodiscard]] sa_family_t family() const { return storage_.sa.sa_family; }
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] Address with_port(std::uint16_t port) const;  // the same host
  [[nodiscard]] std::string to_string() const;

  // For the socket calls; size() is what the family needs.
  [[nodiscard]] const sockaddr* data() const { return &storage_.sa; }
  [[nodiscard]] sockaddr* data() { return &storage_.sa; }
  [[nodiscard]] socklen_t size() const {
    return family() == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  }

  friend bool operator==(const Address& a, const Address& b);

 private:
  union Storage {
    sockaddr_in6 in6 = {};  // first, so that the whole union starts zeroed
    sockaddr_in in;
    sockaddr sa;
  } storage_;
};

// RFC 9000 section 9: the four-tuple a datagram travels on.
struct Path {
  Address local;
  Address remote;

  friend bool operator==(const Path&, const Path&) = default;
};

}  // namespace midstream::quic
