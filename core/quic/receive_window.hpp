// Internal to core/quic: a receiver's flow-control window that follows the path (RFC 9000 4.2).
//
// Two limits. What was delivered and is not consumed is bounded by the window that was configured.
// What is still on its way is bounded by a smaller one: a sender without losses fills any window,
// and all of it then waits in front of a reader that is a little slower, with every small answer
// behind it. That one starts small, doubles while it is less than four times what arrives in a
// round trip (credit returns a part at a time, and that takes a round trip too), and is halved when
// it is over eight times that: a connection's first round trips are its longest.
//
// Threads: one at a time.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/quic/types.hpp"

namespace midstream::quic {

class ReceiveWindow {
 public:
  static constexpr std::uint64_t kFirst = std::uint64_t{256} * 1024;
  static constexpr Duration kUnknown = UINT64_MAX;  // as ngtcp2 has it

  // `largest`: delivered and not consumed, and on the way; bytes.
  explicit ReceiveWindow(std::uint64_t largest)
      : least_(std::min(largest, kFirst)), largest_(largest), path_(least_), granted_(least_) {}

  // What may be on its way, bytes.
  [[nodiscard]] std::uint64_t path_window() const { return path_; }

  // `count` bytes were delivered at `now`. True when it is time for adapt(): half a window came
  // since the last time. Many packets come at one instant, that at which a turn begins to read: how
  // long they took is known in the next one.
  bool deliver(std::uint64_t count, Timestamp now) {
    if (now > latest_) {
      latest_ = now;
      timed_ = delivered_ - counted_;
    }
    delivered_ += count;
    return timed_ > 0 && timed_ >= path_ / 2;
  }

  // `round_trip` is the shortest seen; kUnknown before the first one, on a new path, and after
  // persistent congestion: then what came counts with what comes.
  void adapt(Duration round_trip) {
    if (round_trip == kUnknown) return;
    const double in_round_trip = static_cast<double>(timed_) * static_cast<double>(round_trip) /
                                 static_cast<double>(latest_ - since_);
    // A pause of the sender is no slower path: the need fades over several windows.
    need_ = std::max(in_round_trip, need_ * 7 / 8);
    since_ = latest_;
    counted_ += timed_;
    timed_ = 0;
    const auto path = static_cast<double>(path_);
    if (path < 4 * need_) {
      path_ = std::min(2 * path_, largest_);
    } else if (path > 8 * need_) {
      path_ = std::max(path_ / 2, least_);
    }
  }

  void consume(std::uint64_t count) { consumed_ += count; }

  // By how much the sender's limit is to be raised now. What was granted stays granted: a window
  // shrinks by granting less than arrives.
  std::uint64_t take_grant() {
    const std::uint64_t limit = std::min(consumed_ + largest_, delivered_ + path_);
    const std::uint64_t grant = limit > granted_ ? limit - granted_ : 0;
    granted_ += grant;
    return grant;
  }

 private:
  std::uint64_t least_;
  std::uint64_t largest_;
  std::uint64_t path_;
  std::uint64_t granted_;
  std::uint64_t delivered_ = 0;
  std::uint64_t consumed_ = 0;
  std::uint64_t counted_ = 0;  // delivered by since_
  std::uint64_t timed_ = 0;    // delivered from since_ on, before latest_
  double need_ = 0;            // bytes in a round trip
  Timestamp since_ = 0;  // at first long ago: the first figure comes out low and changes nothing
  Timestamp latest_ = 0;
};

}  // namespace midstream::quic
