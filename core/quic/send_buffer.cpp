#include "core/quic/send_buffer.hpp"

#include <algorithm>
#include <cassert>

namespace midstream::quic {
namespace {

// Large enough that a bulk stream needs few blocks, small enough for malloc's own free lists; a
// one-byte echo pays for the small size only.
constexpr std::size_t kSmallBlock = 512;
constexpr std::size_t kLargeBlock = std::size_t{64} * 1024;

std::size_t block_size_for(std::size_t bytes, std::size_t retained) {
  if (retained == 0 && bytes <= kSmallBlock) return kSmallBlock;
  return std::min(kLargeBlock, std::max(bytes, kLargeBlock / 4));
}

}  // namespace

void SendBuffer::append_copy(ByteView bytes) {
  while (!bytes.empty()) {
    if (first_chunk_ == chunks_.size() || chunks_.back().size == chunks_.back().capacity) {
      const std::size_t capacity = block_size_for(bytes.size(), retained());
      std::shared_ptr<std::byte[]> block(new std::byte[capacity]);
      const std::byte* data = block.get();
      chunks_.push_back({std::move(block), data, 0, capacity, true});
    }
    Chunk& last = chunks_.back();
    const std::size_t count = std::min(bytes.size(), last.capacity - last.size);
    // The block is ours and was allocated writable; packets only refer to bytes before last.size.
    std::memcpy(const_cast<std::byte*>(last.data) + last.size, bytes.data(), count);
    last.size += count;
    written_ += count;
    bytes = bytes.subspan(count);
  }
}

void SendBuffer::append_shared(SharedBytes bytes) {
  if (bytes.bytes.empty()) return;
  written_ += bytes.bytes.size();
  const std::size_t size = bytes.bytes.size();
  chunks_.push_back({std::move(bytes.owner), bytes.bytes.data(), size, size, false});
}

std::size_t SendBuffer::allocated() const {
  std::size_t total = 0;
  for (const Chunk& chunk : chunks_) {
    if (chunk.is_own && chunk.owner != nullptr) total += chunk.capacity;
  }
  return total;
}

std::size_t SendBuffer::gather(std::span<ByteView> out, std::size_t enough) const {
  std::size_t filled = 0;
  std::size_t offset = send_offset_;
  std::size_t bytes = 0;
  for (std::size_t i = send_chunk_; i < chunks_.size() && filled < out.size() && bytes < enough;
       ++i) {
    const Chunk& chunk = chunks_[i];
    if (offset < chunk.size) {
      out[filled++] = {chunk.data + offset, chunk.size - offset};
      bytes += chunk.size - offset;
    }
    offset = 0;
  }
  return filled;
}

void SendBuffer::mark_sent(std::size_t count) {
  assert(count <= unsent());
  sent_ += count;
  while (count > 0) {
    const std::size_t step = std::min(count, chunks_[send_chunk_].size - send_offset_);
    send_offset_ += step;
    count -= step;
    // A full block is left behind, and one that more bytes follow in another; else it stays
    // current: more may be appended to it.
    if (send_offset_ == chunks_[send_chunk_].capacity || count > 0) {
      ++send_chunk_;
      send_offset_ = 0;
    }
  }
}

std::size_t SendBuffer::mark_acknowledged(std::uint64_t offset) {
  if (offset <= acknowledged_) return 0;
  assert(offset <= sent_);
  const std::size_t released = static_cast<std::size_t>(offset - acknowledged_);
  acknowledged_ = offset;
  drop_acknowledged_chunks();
  return released;
}

// Nothing is in use: an idle stream must not keep a large block that happens to be part full. A
// small one of ours is worth keeping for the next message.
void SendBuffer::drop_everything() {
  const bool keep = chunks_.size() == first_chunk_ + 1 && chunks_.back().is_own &&
                    chunks_.back().capacity <= kSmallBlock;
  if (keep) {
    chunks_.erase(chunks_.begin(), chunks_.end() - 1);
    chunks_.front().size = 0;
  } else {
    chunks_.clear();
  }
  first_chunk_ = send_chunk_ = send_offset_ = 0;
  first_offset_ = written_;
}

void SendBuffer::drop_acknowledged_chunks() {
  if (acknowledged_ == written_) {
    drop_everything();
    return;
  }
  while (first_chunk_ < send_chunk_ &&
         first_offset_ + chunks_[first_chunk_].size <= acknowledged_) {
    first_offset_ += chunks_[first_chunk_].size;
    chunks_[first_chunk_].owner.reset();
    ++first_chunk_;
  }
  // Compacting when half of the vector is dead keeps the cost amortised constant.
  if (first_chunk_ > 0 && first_chunk_ * 2 >= chunks_.size()) {
    chunks_.erase(chunks_.begin(), chunks_.begin() + static_cast<std::ptrdiff_t>(first_chunk_));
    send_chunk_ -= first_chunk_;
    first_chunk_ = 0;
  }
}

}  // namespace midstream::quic
