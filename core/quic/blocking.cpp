#include "core/quic/blocking.hpp"

#include <algorithm>

namespace midstream::quic {
namespace {

// Streams the application has not accepted yet; a peer that opens more is refused, so that empty
// streams, which cost it no flow-control credit, cannot pile up here.
constexpr std::size_t kMaxUnaccepted = 4096;
constexpr std::size_t kMaxDatagrams = 1024;  // unreliable: the oldest goes first
constexpr std::uint64_t kRefusedStream = 0;
constexpr Duration kCloseLimit = 100 * kMillisecond;

}  // namespace

Error Session::ended() const {
  return {ErrorCode::kProtocol,
          "the connection ended: " + (reason_ ? to_string(*reason_) : std::string("discarded"))};
}

// `done` may have effects (open a stream, write): once it said yes it is not asked again.
Status Session::wait(const std::function<bool()>& done, Timestamp deadline) {
  bool satisfied = false;
  const bool finished = endpoint_->run_until(
      [&] {
        satisfied = done();
        return satisfied || reason_.has_value() || connection_ == nullptr;
      },
      deadline);
  if (satisfied) return {};
  if (!finished) return Error{ErrorCode::kTimeout, "the deadline passed"};
  return ended();
}

// NOLINTNEXTLINE(readability-function-size): what a connection is made of, each once
Result<std::unique_ptr<Session>> Session::connect(Endpoint& endpoint, const Address& remote,
                                                  const ClientTls& tls,
                                                  const TransportConfig& transport,
                                                  Timestamp deadline, const SessionTicket& ticket) {
  std::unique_ptr<Session> session(new Session(endpoint));
  const Result<Connection*> connection = endpoint.connect(remote, tls, transport, *session, ticket);
  if (!connection) return connection.error();
  session->connection_ = *connection;
  const Status completed = session->wait([&] { return session->handshake_completed_; }, deadline);
  if (!completed) return completed.error();
  return session;
}

Session::~Session() {
  if (connection_ == nullptr) return;
  close(0);
  if (connection_ != nullptr) endpoint_->dispatcher().abandon(*connection_);
}

Channel Session::add_stream(StreamId id) {
  auto& received = received_[id];
  received = std::make_shared<ReceivedStream>();
  return Channel(*this, id, received);
}

Result<Channel> Session::open(StreamKind kind, Timestamp deadline) {
  std::optional<StreamId> id;
  std::optional<Error> failure;
  const Status opened = wait(
      [&] {
        if (connection_ == nullptr) return false;
        const Result<StreamId> result = connection_->open_stream(kind);
        if (result) {
          id = *result;
        } else if (result.error().code != ErrorCode::kLimit) {
          failure = result.error();
        }
        return id.has_value() || failure.has_value();
      },
      deadline);
  if (failure) return *failure;
  if (!id) return opened.error();
  return add_stream(*id);
}

Result<Channel> Session::accept(Timestamp deadline) {
  const Status waited = wait([&] { return !unaccepted_.empty(); }, deadline);
  if (!waited) return waited.error();
  Channel first = std::move(unaccepted_.front());
  unaccepted_.pop_front();
  return first;
}

Status Session::send_datagram(ByteView bytes) {
  if (connection_ == nullptr) return ended();
  return connection_->send_datagram(bytes);
}

Result<std::vector<std::byte>> Session::receive_datagram(Timestamp deadline) {
  const Status waited = wait([&] { return !datagrams_.empty(); }, deadline);
  if (!waited) return waited.error();
  std::vector<std::byte> first = std::move(datagrams_.front());
  datagrams_.pop_front();
  return first;
}

Result<SessionTicket> Session::ticket(Timestamp deadline) {
  const Status waited = wait([&] { return !ticket_.empty(); }, deadline);
  if (!waited) return waited.error();
  return ticket_;
}

Status Session::flush(Timestamp deadline) {
  return wait([&] { return connection_ != nullptr && connection_->is_flushed(); }, deadline);
}

void Session::close(std::uint64_t code, std::string reason) {
  if (connection_ == nullptr) return;
  connection_->close(code, std::move(reason));  // nothing if it is closed already
  // Other connections' bursts, or one that the socket had no room for, may come first.
  endpoint_->run_until(
      [&] {
        return connection_ == nullptr || (reason_.has_value() && !endpoint_->is_send_blocked());
      },
      endpoint_->now() + kCloseLimit);
}

void Session::on_stream_opened(Connection& connection, StreamId id) {
  if (unaccepted_.size() >= kMaxUnaccepted) {
    (void)connection.stop_sending(id, kRefusedStream);
    (void)connection.reset(id, kRefusedStream);
    return;
  }
  unaccepted_.push_back(add_stream(id));
}

void Session::on_stream_data(Connection& connection, StreamId id, ByteView bytes, bool end) {
  const auto found = received_.find(id);
  if (found == received_.end()) {  // refused above: nobody will read it
    connection.consume(id, bytes.size());
    return;
  }
  ReceivedStream& stream = *found->second;
  stream.bytes.insert(stream.bytes.end(), bytes.begin(), bytes.end());
  stream.ended = end;
}

void Session::on_stream_reset(Connection&, StreamId id, std::uint64_t code) {
  const auto found = received_.find(id);
  if (found != received_.end()) found->second->reset_code = code;
}

void Session::on_stream_closed(Connection& connection, StreamId id) {
  const auto found = received_.find(id);
  if (found == received_.end()) return;
  ReceivedStream& stream = *found->second;
  if (!stream.ended && !stream.reset_code) stream.reset_code = 0;
  // No handle is left, so nobody will read the rest and give it back.
  if (found->second.use_count() == 1) connection.consume(id, stream.bytes.size() - stream.read);
  received_.erase(found);
}

void Session::on_datagram(Connection&, ByteView bytes) {
  if (datagrams_.size() >= kMaxDatagrams) datagrams_.pop_front();
  datagrams_.emplace_back(bytes.begin(), bytes.end());
}

Result<std::size_t> Channel::read(ByteSpan out, Timestamp deadline) {
  Session& session = *session_;
  if (out.empty()) return Error{ErrorCode::kInvalidArgument, "reading into nothing"};
  ReceivedStream& stream = *received_;
  const auto ready = [&] {
    return stream.read < stream.bytes.size() || stream.ended || stream.reset_code.has_value();
  };
  const Status waited = session.wait(ready, deadline);
  if (!waited) return waited.error();
  const std::size_t available = stream.bytes.size() - stream.read;
  if (available == 0) {
    if (stream.ended) return std::size_t{0};
    return Error{ErrorCode::kProtocol,
                 "the peer reset the stream, code " + std::to_string(*stream.reset_code)};
  }
  const std::size_t count = std::min(available, out.size());
  std::ranges::copy(ByteView(stream.bytes).subspan(stream.read, count), out.begin());
  stream.read += count;
  if (stream.read == stream.bytes.size()) {
    stream.bytes.clear();
    stream.read = 0;
  }
  if (session.connection_ != nullptr) session.connection_->consume(id_, count);
  return count;
}

Status Channel::read_exactly(ByteSpan out, Timestamp deadline) {
  while (!out.empty()) {
    const Result<std::size_t> got = read(out, deadline);
    if (!got) return got.error();
    if (*got == 0) return Error{ErrorCode::kProtocol, "the stream ended early"};
    out = out.subspan(*got);
  }
  return {};
}

Status Channel::write(ByteView bytes, Timestamp deadline) {
  std::optional<Error> failure;
  const auto all_taken = [&] {
    if (session_->connection_ == nullptr) return false;
    const Result<std::size_t> taken = session_->connection_->write(id_, bytes);
    if (!taken) {
      failure = taken.error();
      return true;
    }
    bytes = bytes.subspan(*taken);
    return bytes.empty();
  };
  Status waited = session_->wait(all_taken, deadline);
  if (failure) return session_->reason_ ? session_->ended() : *failure;
  return waited;
}

Status Channel::finish() {
  if (session_->connection_ == nullptr) return session_->ended();
  return session_->connection_->finish(id_);
}
Status Channel::reset(std::uint64_t code) {
  if (session_->connection_ == nullptr) return session_->ended();
  return session_->connection_->reset(id_, code);
}
Status Channel::stop_sending(std::uint64_t code) {
  if (session_->connection_ == nullptr) return session_->ended();
  return session_->connection_->stop_sending(id_, code);
}
Status Channel::set_priority(Priority priority) {
  if (session_->connection_ == nullptr) return session_->ended();
  return session_->connection_->set_priority(id_, priority);
}

Result<std::unique_ptr<Listener>> Listener::open(Endpoint& endpoint, ServerConfig config) {
  std::unique_ptr<Listener> listener(new Listener(endpoint));
  auto& pending = listener->pending_;
  config.accept = [&endpoint, &pending](Connection& connection) -> ConnectionEvents* {
    // Those that ended before anybody accepted them leave now.
    std::erase_if(pending, [](const auto& session) { return session->connection_ == nullptr; });
    std::unique_ptr<Session> session(new Session(endpoint));
    session->connection_ = &connection;
    pending.push_back(std::move(session));
    return pending.back().get();
  };
  const Status listening = endpoint.listen(std::move(config));
  if (!listening) return listening.error();
  return listener;
}

// What arrives from now on must not reach this listener.
Listener::~Listener() { endpoint_->dispatcher().stop_listening(); }

Result<std::unique_ptr<Session>> Listener::accept(Timestamp deadline) {
  const auto ready = [](const std::unique_ptr<Session>& session) {
    return session->handshake_completed_ && session->connection_ != nullptr;
  };
  const bool found =
      endpoint_->run_until([&] { return std::ranges::any_of(pending_, ready); }, deadline);
  if (!found) return Error{ErrorCode::kTimeout, "no client before the deadline"};
  const auto first = std::ranges::find_if(pending_, ready);
  std::unique_ptr<Session> session = std::move(*first);
  pending_.erase(first);
  return session;
}

}  // namespace midstream::quic
