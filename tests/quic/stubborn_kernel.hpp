// A kernel that refuses: the C library's send and wait calls of this program go through here, so
// that a test can have them fail as a full socket or a tunnel without offload would.
//
// What is set applies to the whole program; one test at a time sets it, before its threads start.
#pragma once

#include <atomic>

namespace midstream::quic::testing {

struct StubbornKernel {
  // sendmsg() with a segment size fails with this errno.
  std::atomic<int> refuse_segmentation{0};
  std::atomic<int> segmentation_refused{0};  // how often it did

  // Sends fail with EAGAIN until somebody sleeps in epoll and waits for room (EPOLLOUT).
  std::atomic<bool> full{false};
  std::atomic<int> sends_refused{0};
  std::atomic<int> waits_for_room{0};
  std::atomic<bool> room_wanted{false};
};

StubbornKernel& stubborn_kernel();

}  // namespace midstream::quic::testing
