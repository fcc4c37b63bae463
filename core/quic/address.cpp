#include "core/quic/address.hpp"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <cstring>

namespace midstream::quic {

Address Address::loopback(std::uint16_t port) {
  Address address;
  address.storage_.in.sin_family = AF_INET;
  address.storage_.in.sin_port = htons(port);
  address.storage_.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

Address Address::loopback_v6(std::uint16_t port) {
  Address address;
  address.storage_.in6.sin6_family = AF_INET6;
  address.storage_.in6.sin6_port = htons(port);
  address.storage_.in6.sin6_addr = in6addr_loopback;
  return address;
}

Result<Address> Address::parse(std::string_view text) {
  const Error malformed{ErrorCode::kParse, "not an address and port: " + std::string(text)};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return malformed;
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return malformed;
  std::string_view host = text.substr(0, colon);
  Address address;
  if (host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    address = loopback_v6(port);
    if (inet_pton(AF_INET6, std::string(host).c_str(), &address.storage_.in6.sin6_addr) != 1) {
      return malformed;
    }
    return address;
  }
  address = loopback(port);
  if (inet_pton(AF_INET, std::string(host).c_str(), &address.storage_.in.sin_addr) != 1) {
    return malformed;
  }
  return address;
}

Address Address::from(const sockaddr* address) {
  Address result;
  if (address->sa_family == AF_INET) {
    std::memcpy(&result.storage_.in, address, sizeof(sockaddr_in));
  } else if (address->sa_family == AF_INET6) {
    std::memcpy(&result.storage_.in6, address, sizeof(sockaddr_in6));
  }
  return result;
}

std::uint16_t Address::port() const {
  return ntohs(family() == AF_INET6 ? storage_.in6.sin6_port : storage_.in.sin_port);
}

Address Address::with_port(std::uint16_t port) const {
  Address result = *this;
  (family() == AF_INET6 ? result.storage_.in6.sin6_port : result.storage_.in.sin_port) =
      htons(port);
  return result;
}

bool Address::is_loopback() const {
  if (family() == AF_INET6) return IN6_IS_ADDR_LOOPBACK(&storage_.in6.sin6_addr);
  return family() == AF_INET && (ntohl(storage_.in.sin_addr.s_addr) >> 24) == 127;
}

std::string Address::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (family() == AF_INET6) {
    inet_ntop(AF_INET6, &storage_.in6.sin6_addr, text.data(), text.size());
    return "[" + std::string(text.data()) + "]:" + std::to_string(port());
  }
  if (family() != AF_INET) return "(none)";
  inet_ntop(AF_INET, &storage_.in.sin_addr, text.data(), text.size());
  return std::string(text.data()) + ":" + std::to_string(port());
}

bool operator==(const Address& a, const Address& b) {
  if (a.family() != b.family()) return false;
  if (a.family() == AF_INET) {
    return a.storage_.in.sin_port == b.storage_.in.sin_port &&
           a.storage_.in.sin_addr.s_addr == b.storage_.in.sin_addr.s_addr;
  }
  return a.storage_.in6.sin6_port == b.storage_.in6.sin6_port &&
         std::memcmp(&a.storage_.in6.sin6_addr, &b.storage_.in6.sin6_addr, sizeof(in6_addr)) == 0;
}

}  // namespace midstream::quic
