#include "tests/quic/stubborn_kernel.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace midstream::quic::testing {

StubbornKernel& stubborn_kernel() {
  static StubbornKernel kernel;
  return kernel;
}

namespace {

bool is_full() {
  StubbornKernel& kernel = stubborn_kernel();
  if (!kernel.full) return false;
  ++kernel.sends_refused;
  errno = EAGAIN;
  return true;
}

}  // namespace
}  // namespace midstream::quic::testing

// Definitions in the program itself come before those of the C library.
// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name)
extern "C" {

ssize_t sendmsg(int descriptor, const msghdr* message, int flags) {
  using namespace midstream::quic::testing;  // NOLINT(google-build-using-namespace)
  if (is_full()) return -1;
  StubbornKernel& kernel = stubborn_kernel();
  if (kernel.refuse_segmentation != 0 && message->msg_controllen > 0) {
    ++kernel.segmentation_refused;
    errno = kernel.refuse_segmentation;
    return -1;
  }
  return syscall(SYS_sendmsg, descriptor, message, flags);
}

int sendmmsg(int descriptor, mmsghdr* messages, unsigned count, int flags) {
  if (midstream::quic::testing::is_full()) return -1;
  return static_cast<int>(syscall(SYS_sendmmsg, descriptor, messages, count, flags));
}

// NOLINTNEXTLINE(readability-function-size): the C library prescribes the parameters
ssize_t sendto(int descriptor, const void* bytes, size_t size, int flags, const sockaddr* to,
               socklen_t to_size) {
  if (midstream::quic::testing::is_full()) return -1;
  return syscall(SYS_sendto, descriptor, bytes, size, flags, to, to_size);
}

int epoll_ctl(int epoll, int operation, int descriptor, epoll_event* event) noexcept {
  if (event != nullptr) {
    midstream::quic::testing::stubborn_kernel().room_wanted = (event->events & EPOLLOUT) != 0;
  }
  return static_cast<int>(syscall(SYS_epoll_ctl, epoll, operation, descriptor, event));
}

int epoll_pwait2(int epoll, epoll_event* events, int size, const timespec* timeout,
                 const sigset_t* mask) {
  auto& kernel = midstream::quic::testing::stubborn_kernel();
  if (kernel.full && kernel.room_wanted) {
    ++kernel.waits_for_room;
    kernel.full = false;
  }
  constexpr std::size_t kKernelSignalSet = 8;
  return static_cast<int>(
      syscall(SYS_epoll_pwait2, epoll, events, size, timeout, mask, kKernelSignalSet));
}

}  // extern "C"
// NOLINTEND(readability-inconsistent-declaration-parameter-name)
