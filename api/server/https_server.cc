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
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <future>
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

HttpCall CallOf(http::request<http::string_body>& request, const std::string& address) {
  HttpCall call{.method = std::string(request.method_string()),
                .target = std::string(request.target()),
                .headers = {},
                .body = std::move(request.body()),
                .address = address};
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
  return response;
}

asio::awaitable<HttpReply> AnswerCall(const HttpApi& api, HttpCall call) {
  co_return api.Answer(call);
}

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
  Status UseIdentity();

  asio::awaitable<void> Accept();
  asio::awaitable<void> Serve(tcp::socket socket);
  asio::awaitable<void> Converse(Stream& stream, const std::string& address);
  // One request and its answer; false when the connection ends with it.
  asio::awaitable<bool> AnswerOne(Stream& stream, beast::flat_buffer& buffer,
                                  const std::string& address);
  asio::awaitable<bool> ReadRequest(Stream& stream, beast::flat_buffer& buffer, Parser& parser,
                                    error_code& error);
  asio::awaitable<void> Write(Stream& stream, HttpReply reply, bool keep_alive, error_code& error);

  const HttpApi& api;
  Metrics& metrics;
  const HttpsOptions options;
  asio::io_context io{1};
  asio::ssl::context tls{asio::ssl::context::tls_server};
  tcp::acceptor acceptor;
  asio::thread_pool calls;
  std::thread thread;
  int port = 0;

  // Only the thread of `io` touches these.
  bool stopping = false;
  int connections = 0;
  std::set<beast::tcp_stream*> idle;
  std::promise<void> ended;
};

Status HttpsServer::State::UseIdentity() {
  error_code error;
  tls.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                  asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                  asio::ssl::context::no_tlsv1_1);
  // TLS 1.2 with forward secrecy and authenticated encryption only; all of TLS 1.3 is so.
  SSL_CTX_set_cipher_list(tls.native_handle(),
                          "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!eNULL:!MD5:!SHA1");
  tls.use_certificate_chain(asio::buffer(options.tls.certificate), error);
  if (!error) {
    tls.use_private_key(asio::buffer(options.tls.key.Reveal()), asio::ssl::context::pem, error);
  }
  if (error) return FailedPrecondition("the certificate or its key: {}", error.message());
  return OkStatus();
}

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
  ++connections;
  metrics.Connections(Transport::kHttps, 1);
  error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  const std::string address = error ? "" : peer.address().to_string();
  socket.set_option(tcp::no_delay(true), error);
  {
    Stream stream(std::move(socket), tls);
    co_await Converse(stream, address);
  }
  metrics.Connections(Transport::kHttps, -1);
  if (--connections == 0 && stopping) ended.set_value();
}

asio::awaitable<void> HttpsServer::State::Converse(Stream& stream, const std::string& address) {
  error_code error;
  beast::tcp_stream& lowest = beast::get_lowest_layer(stream);
  lowest.expires_after(options.handshake_within);
  co_await stream.async_handshake(asio::ssl::stream_base::server,
                                  asio::redirect_error(kUse, error));
  if (error) co_return;
  beast::flat_buffer buffer(options.largest_header_bytes + (64U << 10));
  while (co_await AnswerOne(stream, buffer, address)) {
  }
  lowest.expires_after(std::chrono::seconds(1));
  co_await stream.async_shutdown(asio::redirect_error(kUse, error));
}

asio::awaitable<bool> HttpsServer::State::AnswerOne(Stream& stream, beast::flat_buffer& buffer,
                                                    const std::string& address) {
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
  HttpCall call = CallOf(parser.get(), address);
  HttpReply reply = co_await asio::co_spawn(calls, AnswerCall(api, std::move(call)), kUse);
  co_await Write(stream, std::move(reply), keep_alive, error);
  co_return keep_alive && !error;
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
  RETURN_IF_ERROR(state->UseIdentity());
  RETURN_IF_ERROR(state->Listen());
  asio::co_spawn(state->io, state->Accept(), asio::detached);
  state->thread = std::thread([raw = state.get()] { raw->io.run(); });
  return std::unique_ptr<HttpsServer>(new HttpsServer(std::move(state)));
}

HttpsServer::HttpsServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

HttpsServer::~HttpsServer() { Stop(std::chrono::milliseconds(0)); }

int HttpsServer::Port() const { return state_->port; }

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
