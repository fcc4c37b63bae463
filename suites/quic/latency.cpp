// Latency of small operations on one connection: echo, and what many open streams do to it.
#include <deque>
#include <unordered_map>
#include <utility>

#include "suites/harness/registry.hpp"
#include "suites/quic/peers.hpp"

namespace midstream::suites::quic {
namespace {

namespace quic = midstream::quic;
using measure::Direction;
using measure::SampleKind;

constexpr Duration kWarmUp = 30 * quic::kMillisecond;
constexpr std::uint64_t kVerifiedOperations = 2000;
constexpr double kBudgetStretch = 20;

// Runs until the launch has the time and the operations it was asked for.
class Progress {
 public:
  explicit Progress(Bench& bench) : bench_(&bench), warm_(clock_now() + kWarmUp) {
    end_ = warm_ + budget_of(bench);
    latest_ = warm_ + static_cast<Duration>(kBudgetStretch * bench.budget_seconds() * 1e9);
  }
  // One operation took from `begin` to now, which took so many readings of the clock.
  void finished(Timestamp begin, Timestamp now, std::uint64_t readings = 2) {
    ++done_;
    if (now < warm_ || done_ == 1) {  // the first one warms, however long it took
      account_.warmed_up();
      return;
    }
    account_.record(*bench_, now - begin, readings);
    ended_ = true;
    ++recorded_;
  }
  [[nodiscard]] bool over() {
    if (bench_->is_verification()) return done_ >= kVerifiedOperations;
    const Timestamp now = clock_now();
    // Between two turns in which nothing ends it is part of the waiting.
    if (std::exchange(ended_, false)) account_.measured(0, 1);
    return (now >= end_ && recorded_ >= bench_->operations_wanted()) || now >= latest_;
  }
  [[nodiscard]] std::uint64_t done() const { return done_; }
  [[nodiscard]] Timestamp latest() const { return latest_; }
  void report() const { account_.report(*bench_); }

 private:
  Bench* bench_;
  TimingAccount account_;
  Timestamp warm_, end_ = 0, latest_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t recorded_ = 0;
  bool ended_ = false;  // an operation that was recorded, since over() was asked last
};

// Turns until `over`, and reports.
void drive(Bench& bench, Link& link, Progress& progress) {
  const BothShares shares(link.server, link.setup.waiting);
  while (!progress.over() && !link.connection.is_closed()) {
    link.client.endpoint().turn(progress.latest());
  }
  progress.report();
  shares.report(bench);
  link.report(bench);
}

std::byte probe(std::uint64_t number) { return static_cast<std::byte>(number * 167 + 13); }

// One byte on a new stream, and back; one at a time.
void echo(Bench& bench, quic::Waiting waiting) {
  Setup setup;
  setup.waiting = waiting;
  Link link(setup, {.service = Service::kEcho}, Pattern(bench.seed()));
  Progress progress(bench);
  Timestamp begin = 0;
  std::uint64_t number = 0;
  std::uint64_t wrong = 0;
  std::size_t got = 0;
  const auto start = [&](Connection& c) {
    begin = clock_now();
    got = 0;
    const StreamId id = c.open_stream(StreamKind::kBidirectional).value();
    const std::byte byte = probe(++number);
    (void)c.write(id, ByteView(&byte, 1));
    (void)c.finish(id);
  };
  link.client.on_data = [&](Connection& c, StreamId, ByteView bytes, bool end) {
    got += bytes.size();
    if (!bytes.empty() && bytes[0] != probe(number)) ++wrong;
    if (!end) return;
    if (got != 1) ++wrong;
    progress.finished(begin, clock_now());
    start(c);
  };
  start(link.connection);
  drive(bench, link, progress);
  bench.expect(wrong == 0, "echoed bytes", progress.done());
}

// `n` streams are open, each with one byte under way all the time; the time of each round trip. It
// begins where the stream's last one ended, by the same reading of the clock: a round trip takes
// less than 400 ns of the connection's time where there are a thousand, and a second reading would
// be 8 % of that.
void round_trip(Bench& bench) {
  const auto streams = static_cast<std::size_t>(bench.param("streams"));
  Link link({}, {.service = Service::kEcho}, Pattern(bench.seed()));
  struct Flight {
    Timestamp begin = 0;
    std::uint64_t number = 0;
  };
  std::unordered_map<StreamId, Flight> flights;
  Progress progress(bench);
  std::uint64_t wrong = 0;
  const auto start = [&](Connection& c, StreamId id, Timestamp now) {
    Flight& flight = flights[id];
    flight.begin = now;
    const std::byte byte = probe(++flight.number + static_cast<std::uint64_t>(id));
    (void)c.write(id, ByteView(&byte, 1));
  };
  link.client.on_data = [&](Connection& c, StreamId id, ByteView bytes, bool) {
    const Flight& flight = flights[id];
    if (bytes.size() != 1 || bytes[0] != probe(flight.number + static_cast<std::uint64_t>(id))) {
      ++wrong;
    }
    const Timestamp now = clock_now();
    progress.finished(flight.begin, now, 1);
    start(c, id, now);
  };
  for (std::size_t i = 0; i < streams; ++i) {
    const StreamId id = link.connection.open_stream(StreamKind::kBidirectional).value();
    start(link.connection, id, clock_now());
  }
  drive(bench, link, progress);
  bench.expect(wrong == 0, "echoed bytes", progress.done());
}

// Opens `n` streams and waits until each was answered once, and ended by the server if it does
// that: they exist at both ends then.
std::vector<StreamId> open_idle(Link& link, std::size_t n, bool server_ends) {
  std::vector<StreamId> ids;
  std::size_t answered = 0;
  link.client.on_data = [&](Connection&, StreamId, ByteView, bool end) {
    if (end == server_ends) ++answered;
  };
  const std::byte byte{1};
  for (std::size_t i = 0; i < n; ++i) {
    ids.push_back(link.connection.open_stream(StreamKind::kBidirectional).value());
    (void)link.connection.write(ids.back(), ByteView(&byte, 1));
  }
  link.client.run([&] { return answered >= n; });
  return ids;
}

// `n` streams are open; one byte at a time, always on the next of them.
void switching(Bench& bench) {
  Link link({}, {.service = Service::kEcho}, Pattern(bench.seed()));
  const std::vector<StreamId> ids =
      open_idle(link, static_cast<std::size_t>(bench.param("streams")), false);
  Progress progress(bench);
  std::uint64_t number = 0;
  std::uint64_t wrong = 0;
  Timestamp begin = 0;
  const auto start = [&](Connection& c) {
    begin = clock_now();
    const std::byte byte = probe(++number);
    (void)c.write(ids[number % ids.size()], ByteView(&byte, 1));
  };
  link.client.on_data = [&](Connection& c, StreamId id, ByteView bytes, bool) {
    if (id != ids[number % ids.size()] || bytes.size() != 1 || bytes[0] != probe(number)) ++wrong;
    progress.finished(begin, clock_now());
    start(c);
  };
  start(link.connection);
  drive(bench, link, progress);
  bench.expect(wrong == 0, "echoed bytes and their streams", progress.done());
}

// `n` requests are under way, each on a stream of its own that is opened for it and answered with
// 16 KiB; from open_stream() to the first byte of the answer.
void first_byte(Bench& bench) {
  const auto streams = static_cast<std::size_t>(bench.param("streams"));
  Link link({}, {.service = Service::kAnswer}, Pattern(bench.seed()));
  struct Request {
    Timestamp begin = 0;
    std::size_t received = 0;
  };
  std::unordered_map<StreamId, Request> requests;
  Progress progress(bench);
  std::uint64_t wrong = 0;
  const auto start = [&](Connection& c) {
    const Timestamp begin = clock_now();
    const auto id = c.open_stream(StreamKind::kBidirectional);
    if (!id) return false;
    requests[*id] = {begin, 0};
    const std::byte byte{1};
    (void)c.write(*id, ByteView(&byte, 1));
    (void)c.finish(*id);
    return true;
  };
  std::size_t waiting = 0;  // requests that the stream limit held back
  link.client.on_data = [&](Connection& c, StreamId id, ByteView bytes, bool end) {
    Request& request = requests[id];
    if (request.received == 0) progress.finished(request.begin, clock_now());
    if (!link.pattern.matches(id, request.received, bytes)) ++wrong;
    request.received += bytes.size();
    if (!end) return;
    if (request.received != kAnswerSize) ++wrong;
    requests.erase(id);
    ++waiting;
    while (waiting > 0 && start(c)) --waiting;
  };
  for (std::size_t i = 0; i < streams; ++i) (void)start(link.connection);
  drive(bench, link, progress);
  bench.expect(wrong == 0, "the answers", progress.done());
}

// `n` streams are open and idle; from open_stream() to the server's application hearing of one
// more. Both ends read the same clock.
void creation(Bench& bench) {
  const auto streams = static_cast<std::size_t>(bench.param("streams"));
  Link link({}, {.service = Service::kTime}, Pattern(bench.seed()));
  // Answered and ended by the server, unfinished on our side: they stay open.
  std::deque<StreamId> open;
  for (const StreamId id : open_idle(link, streams, true)) open.push_back(id);
  Progress progress(bench);
  std::unordered_map<StreamId, Timestamp> begins;
  std::uint64_t wrong = 0;
  std::vector<std::byte> answer;
  const auto start = [&](Connection& c) {
    (void)c.finish(open.front());
    open.pop_front();
    const Timestamp begin = clock_now();
    const auto id = c.open_stream(StreamKind::kBidirectional);
    if (!id) return;
    begins[*id] = begin;
    open.push_back(*id);
    const std::byte byte{1};
    (void)c.write(*id, ByteView(&byte, 1));
  };
  link.client.on_data = [&](Connection& c, StreamId id, ByteView bytes, bool end) {
    answer.insert(answer.end(), bytes.begin(), bytes.end());
    if (!end) return;
    Timestamp heard = 0;
    if (answer.size() == sizeof heard) std::memcpy(&heard, answer.data(), sizeof heard);
    answer.clear();
    const Timestamp begin = begins[id];
    begins.erase(id);
    if (heard < begin || heard > clock_now()) ++wrong;
    progress.finished(begin, heard, 3);  // one of them the server's
    start(c);
  };
  start(link.connection);
  drive(bench, link, progress);
  bench.expect(link.connection.statistics().streams_open >= streams, "the idle streams are open");
  bench.expect(wrong == 0, "the server's times", progress.done());
}

Registration& latency(const std::string& id, BenchFunction function, const char* title,
                      const char* oracle) {
  return register_bench(id, std::move(function))
      .records("ns", Direction::kLowerIsBetter, SampleKind::kOperation)
      .title(title)
      .generator("one-byte probes of changing value")
      .oracle(oracle);
}

[[maybe_unused]] const bool kRegistered = [] {
  latency(
      "quic/echo/busy", [](Bench& bench) { echo(bench, quic::Waiting::kBusy); },
      "Echo on a new stream, both ends polling", "the byte sent");
  latency(
      "quic/echo/spin", [](Bench& bench) { echo(bench, quic::Waiting::kSpin); },
      "Echo on a new stream, both ends spinning 50 us before they sleep", "the byte sent");
  latency(
      "quic/echo/sleep", [](Bench& bench) { echo(bench, quic::Waiting::kSleep); },
      "Echo on a new stream, both ends sleeping at once", "the byte sent");
  const std::vector<std::int64_t> counts{1, 10, 100, 1000};
  latency("quic/multiplex/round-trip", round_trip, "Round trip with all streams busy",
          "the byte sent, on its stream")
      .params("streams", counts);
  latency("quic/multiplex/creation", creation, "Creating a stream, until the server hears of it",
          "the server's clock lies between ours")
      .params("streams", counts);
  latency("quic/multiplex/first-byte", first_byte, "First byte of a 16 KiB answer on a new stream",
          "the whole answer compared")
      .params("streams", counts);
  latency("quic/multiplex/switching", switching, "Round trip, each on another open stream",
          "the byte sent, on its stream")
      .params("streams", counts);
  return true;
}();

}  // namespace
}  // namespace midstream::suites::quic
