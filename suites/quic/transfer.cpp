#include "suites/quic/transfer.hpp"

#include <algorithm>

namespace midstream::suites::quic {
namespace {

namespace quic = midstream::quic;

constexpr std::uint64_t kVerifiedBytes = 24 << 20;
constexpr std::uint64_t kVerifiedOfStream = 64 << 10;  // at least
constexpr std::size_t kConnectionBuffer = 32 << 20;    // of TransportConfig

std::uint64_t read(const std::atomic<std::uint64_t>& counter) {
  return counter.load(std::memory_order_relaxed);
}

// Waits for the end of `streams` streams: all that the server knows of them may be read then.
void await_end(Link& link, std::uint64_t streams) {
  link.client.run([&] {
    return link.connection.is_closed() ||
           link.server.events().ended.load(std::memory_order_acquire) >= streams;
  });
}

void expect_hashes(Bench& bench, const ServerEvents& events, const Pattern& pattern,
                   std::size_t streams, std::uint64_t size) {
  bench.expect(events.kept.size() == streams, "streams received", streams);
  for (const auto& [id, bytes] : events.kept) {
    bench.expect(bytes.size() == size, "length of a stream");
    bench.expect(sha256_of(bytes) == pattern.sha256(id, size), "SHA-256 of a stream", size);
  }
}

std::size_t number_of(StreamId id) { return static_cast<std::size_t>(id >> 2); }

std::vector<std::uint64_t> progress_of(const ServerEvents& events,
                                       const std::vector<StreamId>& ids) {
  std::vector<std::uint64_t> progress;
  progress.reserve(ids.size());
  for (const StreamId id : ids) progress.push_back(read(events.progress[number_of(id)]));
  return progress;
}

// The timed part of bulk streams that are running.
void time_bulk(Bench& bench, Link& link, const std::vector<StreamId>& ids) {
  ServerEvents& events = link.server.events();
  const auto advance = [&](const Window& window) { link.client.run_until(window.end()); };
  warm_up_rate(bench, advance);
  const BothShares shares(link.server, link.setup.waiting);
  const std::vector<std::uint64_t> before = progress_of(events, ids);
  sample_rate(
      bench, [&] { return read(events.received); }, advance);
  const std::vector<std::uint64_t> after = progress_of(events, ids);
  shares.report(bench);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    bench.expect(after[i] > before[i], "every stream moves while it is timed");
  }
}

// Ends the streams; what was sent on each must have arrived.
void finish_bulk(Bench& bench, Link& link, PatternSender& sender,
                 const std::vector<StreamId>& ids) {
  sender.stop();
  std::vector<std::uint64_t> sent;
  sent.reserve(ids.size());
  for (const StreamId id : ids) sent.push_back(sender.finish(link.connection, id));
  await_end(link, ids.size());
  bench.expect(progress_of(link.server.events(), ids) == sent,
               "bytes sent and received, stream by stream", ids.size());
}

}  // namespace

void bulk(Bench& bench, const Setup& setup, std::size_t streams, const Pattern& sent,
          const Pattern& expected) {
  Setup shared = setup;
  // A stream that may buffer more than its share would leave none for the last ones.
  shared.send_buffer = std::clamp<std::size_t>(kConnectionBuffer / streams, std::size_t{16} << 10,
                                               setup.send_buffer);
  const std::size_t piece = std::clamp<std::size_t>(shared.send_buffer / 4, 4096, Pattern::kPeriod);
  const bool hashed = bench.is_verification();
  const std::uint64_t size =
      hashed ? std::max(kVerifiedBytes / streams, kVerifiedOfStream) : UINT64_MAX;
  Link link(shared, {.service = Service::kSink, .keep = hashed}, expected);
  PatternSender sender(sent, piece, size);
  link.client.on_writable = [&](Connection& c, StreamId id) { sender.fill(c, id); };
  std::vector<StreamId> ids;
  for (std::size_t i = 0; i < streams; ++i) {
    ids.push_back(link.connection.open_stream(StreamKind::kUnidirectional).value());
  }
  for (const StreamId id : ids) sender.fill(link.connection, id);
  if (hashed) {
    await_end(link, streams);
    expect_hashes(bench, link.server.events(), expected, streams, size);
  } else {
    time_bulk(bench, link, ids);
    finish_bulk(bench, link, sender, ids);
  }
  bench.expect(read(link.server.events().wrong) == 0, "pattern of the bytes received",
               read(link.server.events().received));
  link.report(bench);
}

void bulk(Bench& bench, const Setup& setup, std::size_t streams) {
  const Pattern pattern(bench.seed());
  bulk(bench, setup, streams, pattern, pattern);
}

void messages(Bench& bench, const Setup& setup, std::size_t size, std::size_t expected_size) {
  const bool hashed = bench.is_verification();
  Link link(setup, {.service = Service::kSink, .stream_size = expected_size, .keep = hashed},
            Pattern(bench.seed()));
  ServerEvents& events = link.server.events();
  PatternSender sender(link.pattern, Pattern::kPeriod, size);
  link.client.on_writable = [&](Connection& c, StreamId id) { sender.fill(c, id); };
  const std::size_t in_flight = std::clamp<std::size_t>((8 << 20) / size, 4, 1000);
  std::uint64_t limit = hashed ? 4 * in_flight : UINT64_MAX;
  std::uint64_t opened = 0;
  const auto refill = [&] {
    while (opened < limit && opened - read(events.ended) < in_flight) {
      const auto id = link.connection.open_stream(StreamKind::kUnidirectional);
      if (!id) return;
      ++opened;
      sender.fill(link.connection, *id);
    }
  };
  const auto advance = [&](Window& window) {
    while (!window.is_over()) {
      refill();
      link.client.endpoint().turn(window.end());
    }
  };
  if (!hashed) {
    warm_up_rate(bench, advance);
    const BothShares shares(link.server, setup.waiting);
    sample_rate(
        bench, [&] { return read(events.received); }, advance);
    shares.report(bench);
    limit = opened;
  }
  link.client.run([&] {
    refill();
    return link.connection.is_closed() ||
           (opened == limit && events.ended.load(std::memory_order_acquire) >= opened);
  });
  if (hashed) expect_hashes(bench, events, link.pattern, opened, size);
  bench.expect(read(events.received) == opened * size, "bytes of all messages", opened);
  bench.expect(read(events.wrong) == 0, "pattern and size of the messages received",
               read(events.received));
  bench.counter("messages", static_cast<double>(opened));
  link.report(bench);
}

void bidirectional(Bench& bench, const Setup& setup) {
  const bool hashed = bench.is_verification();
  const std::uint64_t size = hashed ? kVerifiedBytes : UINT64_MAX;
  Link link(setup, {.service = Service::kSource, .source_size = size, .keep = hashed},
            Pattern(bench.seed()));
  ServerEvents& events = link.server.events();
  std::vector<std::byte> kept;
  std::uint64_t received = 0;
  std::uint64_t wrong = 0;
  bool ended = false;
  link.client.on_data = [&](Connection&, StreamId id, ByteView bytes, bool end) {
    if (!link.pattern.matches(id, received, bytes)) ++wrong;
    if (hashed) kept.insert(kept.end(), bytes.begin(), bytes.end());
    received += bytes.size();
    ended = ended || end;
  };
  PatternSender sender(link.pattern, Pattern::kPeriod, size);
  link.client.on_writable = [&](Connection& c, StreamId id) { sender.fill(c, id); };
  const std::vector<StreamId> ids{link.connection.open_stream(StreamKind::kBidirectional).value()};
  sender.fill(link.connection, ids[0]);
  if (!hashed) {
    const auto advance = [&](const Window& window) { link.client.run_until(window.end()); };
    warm_up_rate(bench, advance);
    const BothShares shares(link.server, setup.waiting);
    sample_rate(
        bench, [&] { return received + read(events.received); }, advance);
    shares.report(bench);
    finish_bulk(bench, link, sender, ids);
  }
  await_end(link, 1);
  link.client.run([&] { return ended || link.connection.is_closed(); });
  if (hashed) {
    expect_hashes(bench, events, link.pattern, 1, size);
    bench.expect(sha256_of(kept) == link.pattern.sha256(ids[0], size),
                 "SHA-256 of the server's direction", size);
  } else {
    bench.expect(received == read(events.source_sent), "bytes the server sent and we received");
  }
  bench.expect(wrong == 0 && read(events.wrong) == 0, "pattern of the bytes received", received);
  link.report(bench);
}

void slow_reader(Bench& bench, const Setup& setup) {
  const bool hashed = bench.is_verification();
  const std::uint64_t size = hashed ? kVerifiedBytes : UINT64_MAX;
  Link link(setup, {.service = Service::kHash, .keep = hashed}, Pattern(bench.seed()));
  ServerEvents& events = link.server.events();
  PatternSender sender(link.pattern, std::min(setup.send_buffer / 4, Pattern::kPeriod), size);
  std::uint64_t held_up = 0;
  link.client.on_writable = [&](Connection& c, StreamId id) {
    ++held_up;
    sender.fill(c, id);
  };
  const std::vector<StreamId> ids{link.connection.open_stream(StreamKind::kUnidirectional).value()};
  sender.fill(link.connection, ids[0]);
  if (hashed) {
    await_end(link, 1);
    expect_hashes(bench, events, link.pattern, 1, size);
  } else {
    std::size_t most_buffered = 0;
    const auto advance = [&](const Window& window) {
      link.client.run_until(window.end());
      most_buffered = std::max(most_buffered, link.connection.statistics().send_buffered);
    };
    warm_up_rate(bench, advance);
    const BothShares shares(link.server, setup.waiting);
    held_up = 0;
    sample_rate(
        bench, [&] { return read(events.received); }, advance);
    shares.report(bench);
    bench.expect(held_up > 0, "the sender was held up");
    bench.expect(most_buffered <= setup.send_buffer, "the send buffer's limit");
    bench.counter("most bytes buffered", static_cast<double>(most_buffered));
    finish_bulk(bench, link, sender, ids);
  }
  bench.expect(read(events.wrong) == 0, "pattern of the bytes received", read(events.received));
  link.report(bench);
}

}  // namespace midstream::suites::quic
