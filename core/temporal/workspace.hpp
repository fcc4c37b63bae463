// Buffers of the calling thread, kept between calls so that steady state allocates nothing.
//
// A buffer grows to the largest request seen and stays until the thread ends. Each Tag type names
// one buffer; a function may hold several at once, but two live uses of one tag on a thread would
// share memory, so tags are private to the file that owns them. Contents are unspecified.
//
// Threads: every thread has its own.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace midstream::temporal {

// Owner of uninitialised storage for trivial T, aligned for the widest vector register.
template <class T>
class AlignedBuffer {
 public:
  static constexpr std::align_val_t kAlignment{64};

  // At least `count` elements; earlier contents are lost if it has to grow.
  std::span<T> at_least(std::size_t count) {
    if (count > capacity_) {
      storage_.reset();
      capacity_ = 0;
      storage_.reset(static_cast<T*>(::operator new(count * sizeof(T), kAlignment)));
      capacity_ = count;
    }
    return {storage_.get(), count};
  }

 private:
  struct Free {
    void operator()(T* pointer) const { ::operator delete(pointer, kAlignment); }
  };
  std::unique_ptr<T, Free> storage_;
  std::size_t capacity_ = 0;
};

template <class Tag, class T>
std::span<T> thread_buffer(std::size_t count) {
  thread_local AlignedBuffer<T> buffer;
  return buffer.at_least(count);
}

}  // namespace midstream::temporal
