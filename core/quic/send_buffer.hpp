// The bytes of one stream that are not acknowledged yet.
//
// Three positions move forward only: written (by the application), sent (handed to a packet) and
// acknowledged. Memory handed to a packet must stay where it is until acknowledged (the packet
// layer retransmits from it), so bytes live in blocks that never move. Small writes fill up the
// last block; shared bytes are kept by reference and never copied. When everything is acknowledged
// no more than 512 bytes stay allocated.
//
// Complexity: append, gather, mark_sent amortised O(1) per block.
// Threads: one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/quic/types.hpp"

namespace midstream::quic {

class SendBuffer {
 public:
  void append_copy(ByteView bytes);
  void append_shared(SharedBytes bytes);

  // Unsent bytes from the sent position on, as at most out.size() pieces, `enough` bytes in all or
  // a little more. Returns how many pieces were filled. They stay valid until mark_acknowledged
  // passes them.
  [[nodiscard]] std::size_t gather(std::span<ByteView> out, std::size_t enough = SIZE_MAX) const;

  // Moves the sent position; count must not exceed unsent().
  void mark_sent(std::size_t count);

  // Everything before this stream offset is acknowledged: its blocks are released.
  // Returns the number of bytes released.
  std::size_t mark_acknowledged(std::uint64_t offset);

  [[nodiscard]] std::size_t unsent() const { return static_cast<std::size_t>(written_ - sent_); }
  // Bytes that still occupy memory: written and not acknowledged.
  [[nodiscard]] std::size_t retained() const {
    return static_cast<std::size_t>(written_ - acknowledged_);
  }
  // What our blocks occupy; shared bytes are their owner's. O(blocks).
  [[nodiscard]] std::size_t allocated() const;

 private:
  struct Chunk {
    std::shared_ptr<const void> owner;
    const std::byte* data = nullptr;
    std::size_t size = 0;
    std::size_t capacity = 0;  // of a block of ours; equals size for shared bytes
    bool is_own = false;       // a block of ours
  };

  void drop_acknowledged_chunks();
  void drop_everything();

  std::vector<Chunk> chunks_;
  std::size_t first_chunk_ = 0;     // chunks before it are released
  std::size_t send_chunk_ = 0;      // chunk that holds the sent position
  std::size_t send_offset_ = 0;     // offset of the sent position within that chunk
  std::uint64_t first_offset_ = 0;  // stream offset of first_chunk_'s first byte
  std::uint64_t written_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t acknowledged_ = 0;
};

}  // namespace midstream::quic
