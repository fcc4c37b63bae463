#include "core/quic/blocking.hpp"

#include <algorithm>

namespace midstream::quic {
namespace {

// Streams the application has not accepted yet; a peer that opens more is refused, so that empty
// streams, which cost it no flow-control credit, cannot pile up here.
constexpr std::size_t kMaxUnaccepted = 4096;
constexpr std::size_t kMaxDatagrams = 1024;  // unreliable: the oldest goes first
constexpr std::uint64_t kRefusedStream = 0;

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
  if (!connection_->is_closed()) connection_->close(0);
  // Sends the CONNECTION_CLOSE; if it gets lost the peer learns of the end by a stateless reset.
  endpoint_->turn(endpoint_->now());
  if (connection_ != nullptr) endpoint_->dispatcher().abandon(*connection_);
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
  return Channel(*this, *id);
}

Result<Channel> Session::accept(Timestamp deadline) {
  const Status waited = wait([&] { return !unaccepted_.empty(); }, deadline);
  if (!waited) return waited.error();
  const StreamId id = unaccepted_.front();
  unaccepted_.pop_front();
  return Channel(*this, id);
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

void Session::close(std::uint64_t code, std::string reason) {
  if (connection_ == nullptr) return;
  connection_->close(code, std::move(reason));
  endpoint_->turn(endpoint_->now());
}

void Session::on_stream_opened(Connection& connection, StreamId id) {
  if (unaccepted_.size() >= kMaxUnaccepted) {
    (void)connection.stop_sending(id, kRefusedStream);
    (void)connection.reset(id, kRefusedStream);
    return;
  }
  incoming_[id];
  unaccepted_.push_back(id);
}

void Session::on_stream_data(Connection& connection, StreamId id, ByteView bytes, bool end) {
  const bool refused = initiator_of(id) != connection.role() && !incoming_.contains(id);
  if (refused) {
    connection.consume(id, bytes.size());
    return;
  }
  Incoming& stream = incoming_[id];
  stream.bytes.insert(stream.bytes.end(), bytes.begin(), bytes.end());
  stream.ended = end;
}

void Session::on_stream_reset(Connection&, StreamId id, std::uint64_t code) {
  const auto found = incoming_.find(id);
  if (found != incoming_.end()) found->second.reset_code = code;
}

void Session::on_stream_closed(Connection&, StreamId id) {
  // A stream of ours that never had anything to read is done with.
  const auto found = incoming_.find(id);
  if (found == incoming_.end()) return;
  if (!found->second.ended && !found->second.reset_code) found->second.reset_code = 0;
}

void Session::on_datagram(Connection&, ByteView bytes) {
  if (datagrams_.size() >= kMaxDatagrams) datagrams_.pop_front();
  datagrams_.emplace_back(bytes.begin(), bytes.end());
}

Result<std::size_t> Channel::read(ByteSpan out, Timestamp deadline) {
  Session& session = *session_;
  if (out.empty()) return Error{ErrorCode::kInvalidArgument, "reading into nothing"};
  auto& incoming = session.incoming_;
  const auto ready = [&] {
    const auto found = incoming.find(id_);
    return found != incoming.end() && (found->second.read < found->second.bytes.size() ||
                                       found->second.ended || found->second.reset_code.has_value());
  };
  const Status waited = session.wait(ready, deadline);
  if (!waited) return waited.error();
  Session::Incoming& stream = incoming[id_];
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

Listener::Listener(Endpoint& endpoint, ServerConfig config) : endpoint_(&endpoint) {
  config.accept = [this](Connection& connection) -> ConnectionEvents* {
    // Those that ended before anybody accepted them leave now.
    std::erase_if(pending_, [](const auto& session) { return session->connection_ == nullptr; });
    std::unique_ptr<Session> session(new Session(*endpoint_));
    session->connection_ = &connection;
    pending_.push_back(std::move(session));
    return pending_.back().get();
  };
  endpoint.listen(std::move(config));
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
