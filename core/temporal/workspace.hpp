// Buffers of the calling thread, kept between calls so that steady state allocates nothing.
//
// A buffer grows to the largest request seen and stays until the thread ends, unless it is beyond
// kKeptBytes: such a one is given back at the next request that fits within them, so that one huge
// problem does not hold its memory for ever. trim_thread_buffers() gives all of those back at once;
// an operation that knows it was a huge one calls it when it is done with its buffers.
//
// Each Tag type names one buffer; a function may hold several at once, but two live uses of one tag
// on a thread would share memory, so tags are private to the file that owns them. Contents are
// unspecified.
//
// Threads: every thread has its own.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace midstream::temporal {

// Of one buffer. Problems of more memory than this take far longer than an allocation.
inline constexpr std::size_t kKeptBytes = std::size_t{16} << 20;

// Owner of uninitialised storage for trivial T, aligned for the widest vector register.
template <class T>
class AlignedBuffer {
 public:
  static constexpr std::align_val_t kAlignment{64};

  // At least `count` elements; earlier contents are lost if it has to grow.
  std::span<T> at_least(std::size_t count) {
    if (count > capacity_ || (is_huge() && count <= kKeptBytes / sizeof(T))) {
      give_back();
      storage_.reset(static_cast<T*>(::operator new(count * sizeof(T), kAlignment)));
      capacity_ = count;
    }
    return {storage_.get(), count};
  }

  [[nodiscard]] bool is_huge() const { return capacity_ > kKeptBytes / sizeof(T); }
  void give_back() {
    storage_.reset();
    capacity_ = 0;
  }

 private:
  struct Free {
    void operator()(T* pointer) const { ::operator delete(pointer, kAlignment); }
  };
  std::unique_ptr<T, Free> storage_;
  std::size_t capacity_ = 0;
};

// What a thread's buffers have in common, so that they can be trimmed without their types.
class TrimmableBuffer {
 public:
  virtual void trim() = 0;
  TrimmableBuffer(const TrimmableBuffer&) = delete;
  TrimmableBuffer& operator=(const TrimmableBuffer&) = delete;

  static void trim_all() {
    for (TrimmableBuffer* buffer = first; buffer != nullptr; buffer = buffer->next_) {
      buffer->trim();
    }
  }

 protected:
  // Buffers live as long as their thread, in reverse order of construction.
  TrimmableBuffer() : next_(first) { first = this; }
  ~TrimmableBuffer() { first = next_; }

 private:
  static inline thread_local constinit TrimmableBuffer* first = nullptr;
  TrimmableBuffer* next_;
};

template <class T>
class ThreadBuffer final : public TrimmableBuffer {
 public:
  std::span<T> at_least(std::size_t count) { return buffer_.at_least(count); }
  void trim() override {
    if (buffer_.is_huge()) buffer_.give_back();
  }

 private:
  AlignedBuffer<T> buffer_;
};

template <class Tag, class T>
std::span<T> thread_buffer(std::size_t count) {
  thread_local ThreadBuffer<T> buffer;
  return buffer.at_least(count);
}

// Views that thread_buffer gave out may dangle afterwards.
inline void trim_thread_buffers() { TrimmableBuffer::trim_all(); }

}  // namespace midstream::temporal
