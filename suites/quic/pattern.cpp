#include "suites/quic/pattern.hpp"

#include <algorithm>
#include <cstring>

#include "core/base/random.hpp"
#include "core/base/sha256.hpp"

namespace midstream::suites::quic {

using midstream::quic::ByteView;
using midstream::quic::SharedBytes;

namespace {

std::vector<std::byte> random_block(std::uint64_t seed) {
  Random random(seed);
  std::vector<std::byte> block(Pattern::kPeriod);
  for (std::byte& byte : block) byte = static_cast<std::byte>(random.next());
  return block;
}

}  // namespace

Pattern::Pattern(std::uint64_t seed) : Pattern(random_block(seed)) {}

Pattern::Pattern(std::vector<std::byte> block) {
  block.resize(2 * kPeriod);
  std::copy_n(block.begin(), kPeriod, block.begin() + kPeriod);
  bytes_ = std::make_shared<const std::vector<std::byte>>(std::move(block));
}

SharedBytes Pattern::piece(std::int64_t id, std::uint64_t offset, std::size_t limit) const {
  const std::size_t begin = position(id, offset);
  return {bytes_, ByteView(*bytes_).subspan(begin, std::min(limit, kPeriod))};
}

bool Pattern::matches(std::int64_t id, std::uint64_t offset, ByteView bytes) const {
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), kPeriod);
    if (std::memcmp(bytes.data(), bytes_->data() + position(id, offset), size) != 0) return false;
    bytes = bytes.subspan(size);
    offset += size;
  }
  return true;
}

std::string Pattern::sha256(std::int64_t id, std::size_t size) const {
  std::vector<std::byte> all;
  all.reserve(size);
  while (all.size() < size) {
    const SharedBytes next = piece(id, all.size(), size - all.size());
    all.insert(all.end(), next.bytes.begin(), next.bytes.end());
  }
  return sha256_of(all);
}

std::string sha256_of(ByteView bytes) {
  return sha256_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace midstream::suites::quic
