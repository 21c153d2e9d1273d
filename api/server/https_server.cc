#include "api/server/https_server.h"

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <future>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace sluice::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using beast::error_code;
using Stream = beast::ssl_stream<beast::tcp_stream>;
using Parser = http::request_parser<http::string_body>;

constexpr auto kUse = asio::use_awaitable;

// What is the same for all requests of a connection.
struct Peer {
  std::string address;
  std::optional<CertificateFacts> certificate;
};

HttpCall CallOf(http::request<http::string_body>& request, const Peer& peer) {
  HttpCall call{.method = std::string(request.method_string()),
                .target = std::string(request.target()),
                .headers = {},
                .body = std::move(request.body()),
                .address = peer.address,
                .certificate = peer.certificate};
  for (const auto& field : request) {
    std::string name(field.name_string());
    std::ranges::transform(name, name.begin(), [](unsigned char c) {
      return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    });
    call.headers.emplace(std::move(name), std::string(field.value()));
  }
  return call;
}

http::response<http::string_body> ResponseOf(HttpReply reply, bool keep_alive) {
  http::response<http::string_body> response(static_cast<http::status>(reply.status), 11);
  if (!reply.type.empty()) response.set(http::field::content_type, reply.type);
  for (const auto& [name, value] : reply.headers) response.insert(name, value);
  response.body() = std::move(reply.body);
  response.keep_alive(keep_alive);
  response.prepare_payload();
  if (reply.length_of_get) response.content_length(*reply.length_of_get);
  // A length of nothing would be taken for that of what the caller has.
  if (reply.status == 304) response.erase(http::field::content_length);
  return response;
}

using Context = asio::ssl::context;

// Certificates that the client shows must come from `client_ca`; it need not show one.
error_code AskForCertificates(Context& tls, const std::string& client_ca) {
  error_code error;
  tls.add_certificate_authority(asio::buffer(client_ca), error);
  if (error) return error;
  tls.set_verify_mode(asio::ssl::verify_peer, error);
  // Sessions that are resumed belong to this server.
  static constexpr unsigned char kName[] = "sluice";
  SSL_CTX_set_session_id_context(tls.native_handle(), kName, sizeof(kName) - 1);
  return error;
}

StatusOr<std::shared_ptr<Context>> ContextOf(const TlsIdentity& identity,
                                             const std::string& client_ca) {
  error_code error;
  auto tls = std::make_shared<Context>(Context::tls_server);
  tls->set_options(Context::default_workarounds | Context::no_sslv2 | Context::no_sslv3 |
                   Context::no_tlsv1 | Context::no_tlsv1_1);
  // TLS 1.2 with forward secrecy and authenticated encryption only; all of TLS 1.3 is so.
  SSL_CTX_set_cipher_list(tls->native_handle(),
                          "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!eNULL:!MD5:!SHA1");
  tls->use_certificate_chain(asio::buffer(identity.certificate), error);
  if (!error) {
    tls->use_private_key(asio::buffer(identity.key.Reveal()), Context::pem, error);
  }
  if (error) return FailedPrecondition("the certificate or its key: {}", error.message());
  if (!client_ca.empty()) error = AskForCertificates(*tls, client_ca);
  if (error) {
    return FailedPrecondition("the certificates that clients' come from: {}", error.message());
  }
  return tls;
}

// What the client showed and the handshake verified.
std::optional<CertificateFacts> CertificateOf(Stream& stream) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      SSL_get1_peer_certificate(stream.native_handle()), &X509_free);
  if (!certificate || SSL_get_verify_result(stream.native_handle()) != X509_V_OK) {
    return std::nullopt;
  }
  Bytes der(static_cast<std::size_t>(std::max(0, i2d_X509(certificate.get(), nullptr))));
  unsigned char* at = der.data();
  if (der.empty() || i2d_X509(certificate.get(), &at) <= 0) return std::nullopt;
  StatusOr<CertificateFacts> facts = FactsOfCertificate(der);
  return facts.ok() ? std::optional(*std::move(facts)) : std::nullopt;
}

asio::awaitable<HttpReply> AnswerCall(const HttpApi& api, HttpCall call) {
  co_return api.Answer(call);
}

asio::awaitable<std::optional<std::string>> AskForMore(HttpReply& reply) { co_return reply.more(); }

// What a request that cannot be read is answered with; unset: nothing, the connection is cut.
struct Refusal {
  int status;
  std::string_view reason;
  std::string detail;
};

std::optional<Refusal> RefusalOf(const error_code& error) {
  if (error == http::error::header_limit) {
    return Refusal{431, "HTTP_HEADER_SIZE", "the header of the request is too large"};
  }
  if (error == http::error::body_limit) {
    return Refusal{413, "HTTP_BODY_SIZE", "the body of the request is too large"};
  }
  if (error == http::error::end_of_stream || error == http::error::partial_message ||
      error.category() != http::make_error_code(http::error::bad_method).category()) {
    return std::nullopt;
  }
  return Refusal{400, "HTTP_MALFORMED", "this is no HTTP request"};
}

}  // namespace

struct HttpsServer::State {
  State(const HttpApi& http_api, Metrics& server_metrics, HttpsOptions server_options)
      : api(http_api),
        metrics(server_metrics),
        options(std::move(server_options)),
        acceptor(io),
        calls(static_cast<std::size_t>(options.threads)) {}

  Status Listen();

  asio::awaitable<void> Accept();
  asio::awaitable<void> Serve(tcp::socket socket);
  asio::awaitable<void> Converse(Stream& stream, Peer& peer);
  // One request and its answer; false when the connection ends with it.
  asio::awaitable<bool> AnswerOne(Stream& stream, beast::flat_buffer& buffer, const Peer& peer);
  asio::awaitable<bool> ReadRequest(Stream& stream, beast::flat_buffer& buffer, Parser& parser,
                                    error_code& error);
  asio::awaitable<void> Write(Stream& stream, HttpReply reply, bool keep_alive, error_code& error);
  asio::awaitable<void> WriteStream(Stream& stream, HttpReply reply);
  asio::awaitable<void> WriteChunk(Stream& stream, const std::string& text, error_code& error);

  const HttpApi& api;
  Metrics& metrics;
  const HttpsOptions options;
  asio::io_context io{1};
  tcp::acceptor acceptor;
  asio::thread_pool calls;
  std::thread thread;
  int port = 0;

  // Only the thread of `io` touches these.
  bool stopping = false;
  int connections = 0;
  std::map<std::string, int> connections_of;  // by address
  std::shared_ptr<Context> tls;               // of new connections
  int streams = 0;
  std::set<beast::tcp_stream*> idle;
  std::promise<void> ended;
};

Status HttpsServer::State::Listen() {
  error_code error;
  const asio::ip::address address = asio::ip::make_address(options.address, error);
  if (error) return InvalidArgument("{} is no address to listen at", options.address);
  const tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return Unavailable("cannot listen for HTTPS at {}:{}: {}", options.address, options.port,
                       error.message());
  }
  port = acceptor.local_endpoint().port();
  return OkStatus();
}

asio::awaitable<void> HttpsServer::State::Accept() {
  while (!stopping) {
    error_code error;
    tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(kUse, error));
    if (stopping || error == asio::error::operation_aborted) break;
    if (error || connections >= options.most_connections) continue;  // the socket closes here
    asio::co_spawn(io, Serve(std::move(socket)), asio::detached);
  }
}

asio::awaitable<void> HttpsServer::State::Serve(tcp::socket socket) {
  error_code error;
  const tcp::endpoint endpoint = socket.remote_endpoint(error);
  Peer peer{.address = error ? "" : endpoint.address().to_string(), .certificate = std::nullopt};
  int& of_address = connections_of[peer.address];
  if (of_address >= options.most_connections_of_address) co_return;  // the socket closes here
  ++of_address;
  ++connections;
  metrics.Connections(Transport::kHttps, 1);
  socket.set_option(tcp::no_delay(true), error);
  {
    const std::shared_ptr<Context> context = tls;  // lives as long as the stream
    Stream stream(std::move(socket), *context);
    co_await Converse(stream, peer);
  }
  metrics.Connections(Transport::kHttps, -1);
  if (--of_address == 0) connections_of.erase(peer.address);
  if (--connections == 0 && stopping) ended.set_value();
}

asio::awaitable<void> HttpsServer::State::Converse(Stream& stream, Peer& peer) {
  error_code error;
  beast::tcp_stream& lowest = beast::get_lowest_layer(stream);
  lowest.expires_after(options.handshake_within);
  co_await stream.async_handshake(asio::ssl::stream_base::server,
                                  asio::redirect_error(kUse, error));
  if (error) co_return;
  if (!options.client_ca.empty()) peer.certificate = CertificateOf(stream);
  beast::flat_buffer buffer(options.largest_header_bytes + (64U << 10));
  while (co_await AnswerOne(stream, buffer, peer)) {
  }
  lowest.expires_after(std::chrono::seconds(1));
  co_await stream.async_shutdown(asio::redirect_error(kUse, error));
}

asio::awaitable<bool> HttpsServer::State::AnswerOne(Stream& stream, beast::flat_buffer& buffer,
                                                    const Peer& peer) {
  error_code error;
  Parser parser;
  parser.header_limit(options.largest_header_bytes);
  parser.body_limit(options.largest_body_bytes);
  if (!co_await ReadRequest(stream, buffer, parser, error)) {
    if (const auto refusal = RefusalOf(error)) {
      co_await Write(stream, api.Refuse(refusal->status, refusal->reason, refusal->detail), false,
                     error);
    }
    co_return false;
  }
  beast::get_lowest_layer(stream).expires_never();  // the call has its own limits
  const bool keep_alive = parser.get().keep_alive() && !stopping;
  HttpCall call = CallOf(parser.get(), peer);
  HttpReply reply = co_await asio::co_spawn(calls, AnswerCall(api, std::move(call)), kUse);
  if (reply.more) {
    co_await WriteStream(stream, std::move(reply));
    co_return false;
  }
  co_await Write(stream, std::move(reply), keep_alive, error);
  co_return keep_alive && !error;
}

// A stream ends with its connection: at its own end, after a while (whoever listens comes again and
// goes on), when the other side is gone or the server ends.
asio::awaitable<void> HttpsServer::State::WriteStream(Stream& stream, HttpReply reply) {
  error_code error;
  if (streams >= options.most_streams) {
    co_await Write(stream,
                   api.Refuse(503, "HTTP_STREAMS", "too many streams at this server; come again"),
                   false, error);
    co_return;
  }
  ++streams;
  http::response<http::empty_body> response(static_cast<http::status>(reply.status), 11);
  response.set(http::field::content_type, reply.type);
  for (const auto& [name, value] : reply.headers) response.insert(name, value);
  response.keep_alive(false);
  response.chunked(true);
  http::response_serializer<http::empty_body> header(response);
  beast::get_lowest_layer(stream).expires_after(options.answer_within);
  co_await http::async_write_header(stream, header, asio::redirect_error(kUse, error));
  std::optional<std::string> text = std::move(reply.body);
  asio::steady_timer timer(io);
  const auto end = std::chrono::steady_clock::now() + options.stream_at_most;
  auto last = std::chrono::steady_clock::now();
  for (auto now = last; !error && text && !stopping && now < end;
       now = std::chrono::steady_clock::now()) {
    // A comment now and then shows whether the other side is still there.
    if (text->empty() && now - last >= options.stream_sign_every) *text = ":\n\n";
    if (!text->empty()) {
      co_await WriteChunk(stream, *text, error);
      last = now;
    }
    if (error) break;
    timer.expires_after(options.stream_look_every);
    co_await timer.async_wait(asio::redirect_error(kUse, error));
    text = co_await asio::co_spawn(calls, AskForMore(reply), kUse);
  }
  --streams;
  if (error) co_return;
  beast::get_lowest_layer(stream).expires_after(options.answer_within);
  co_await asio::async_write(stream, http::make_chunk_last(), asio::redirect_error(kUse, error));
}

asio::awaitable<void> HttpsServer::State::WriteChunk(Stream& stream, const std::string& text,
                                                     error_code& error) {
  beast::get_lowest_layer(stream).expires_after(options.answer_within);
  co_await asio::async_write(stream, http::make_chunk(asio::buffer(text)),
                             asio::redirect_error(kUse, error));
  beast::get_lowest_layer(stream).expires_never();
}

// The connection is idle until the first byte of a request is there.
asio::awaitable<bool> HttpsServer::State::ReadRequest(Stream& stream, beast::flat_buffer& buffer,
                                                      Parser& parser, error_code& error) {
  beast::tcp_stream& lowest = beast::get_lowest_layer(stream);
  if (buffer.size() == 0) {
    if (stopping) co_return false;
    lowest.expires_after(options.idle);
    idle.insert(&lowest);
    const std::size_t read =
        co_await stream.async_read_some(buffer.prepare(4096), asio::redirect_error(kUse, error));
    idle.erase(&lowest);
    if (error) co_return false;
    buffer.commit(read);
  }
  lowest.expires_after(options.header_within);
  co_await http::async_read_header(stream, buffer, parser, asio::redirect_error(kUse, error));
  if (error) co_return false;
  lowest.expires_after(options.body_within);
  co_await http::async_read(stream, buffer, parser, asio::redirect_error(kUse, error));
  co_return !error;
}

asio::awaitable<void> HttpsServer::State::Write(Stream& stream, HttpReply reply, bool keep_alive,
                                                error_code& error) {
  http::response<http::string_body> response = ResponseOf(std::move(reply), keep_alive);
  beast::get_lowest_layer(stream).expires_after(options.answer_within);
  co_await http::async_write(stream, response, asio::redirect_error(kUse, error));
}

StatusOr<std::unique_ptr<HttpsServer>> HttpsServer::Start(const HttpApi& api, Metrics& metrics,
                                                          const HttpsOptions& options) {
  auto state = std::make_unique<State>(api, metrics, options);
  ASSIGN_OR_RETURN(state->tls, ContextOf(options.tls, options.client_ca));
  RETURN_IF_ERROR(state->Listen());
  asio::co_spawn(state->io, state->Accept(), asio::detached);
  state->thread = std::thread([raw = state.get()] { raw->io.run(); });
  return std::unique_ptr<HttpsServer>(new HttpsServer(std::move(state)));
}

HttpsServer::HttpsServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

HttpsServer::~HttpsServer() { Stop(std::chrono::milliseconds(0)); }

int HttpsServer::Port() const { return state_->port; }

Status HttpsServer::UseIdentity(const TlsIdentity& identity) {
  ASSIGN_OR_RETURN(std::shared_ptr<Context> tls, ContextOf(identity, state_->options.client_ca));
  asio::post(state_->io, [this, tls = std::move(tls)] { state_->tls = tls; });
  return OkStatus();
}

void HttpsServer::Stop(std::chrono::milliseconds wait) {
  if (!state_->thread.joinable()) return;
  std::future<void> ended = state_->ended.get_future();
  asio::post(state_->io, [this] {
    state_->stopping = true;
    error_code ignored;
    state_->acceptor.close(ignored);
    for (beast::tcp_stream* const stream : state_->idle) stream->cancel();
    if (state_->connections == 0) state_->ended.set_value();
  });
  ended.wait_for(wait);
  // A call that still runs keeps its own state; its connection is gone.
  state_->calls.stop();
  state_->calls.join();
  state_->io.stop();
  state_->thread.join();
}

}  // namespace sluice::api
