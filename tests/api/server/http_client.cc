#include "tests/api/server/http_client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

namespace sluice::testing {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

struct HttpClient::State {
  asio::io_context io;
  asio::ssl::context tls{asio::ssl::context::tls_client};
  std::unique_ptr<beast::ssl_stream<tcp::socket>> stream;
  beast::flat_buffer buffer;
};

HttpClient::HttpClient(int port, const std::string& certificate)
    : HttpClient(port, certificate, TlsIdentity{}) {}

HttpClient::HttpClient(int port, const std::string& certificate, const TlsIdentity& own)
    : state_(std::make_unique<State>()) {
  if (!own.certificate.empty()) {
    state_->tls.use_certificate_chain(asio::buffer(own.certificate));
    state_->tls.use_private_key(asio::buffer(own.key.Reveal()), asio::ssl::context::pem);
  }
  state_->tls.add_certificate_authority(asio::buffer(certificate));
  state_->tls.set_verify_mode(asio::ssl::verify_peer);
  state_->stream = std::make_unique<beast::ssl_stream<tcp::socket>>(state_->io, state_->tls);
  state_->stream->set_verify_callback(asio::ssl::host_name_verification("localhost"));
  const tcp::endpoint endpoint(asio::ip::make_address("127.0.0.1"),
                               static_cast<std::uint16_t>(port));
  beast::get_lowest_layer(*state_->stream).connect(endpoint);
  state_->stream->handshake(asio::ssl::stream_base::client);
}

bool HttpClient::CanConnect(int port, const std::string& certificate) {
  try {
    HttpClient client(port, certificate);
    return client.SendRaw("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n") == 200;
  } catch (const boost::system::system_error&) {
    return false;
  }
}

HttpClient::~HttpClient() {
  beast::error_code ignored;
  beast::get_lowest_layer(*state_->stream).close(ignored);
}

HttpAnswer HttpClient::Send(const std::string& method, const std::string& target,
                            const HttpHeaders& headers, const std::string& body) {
  http::request<http::string_body> request;
  request.version(11);
  request.method_string(method);
  request.target(target);
  request.set(http::field::host, "localhost");
  if (!body.empty()) request.set(http::field::content_type, "application/json");
  for (const auto& [name, value] : headers) request.set(name, value);
  request.body() = body;
  request.prepare_payload();
  http::write(*state_->stream, request);
  http::response_parser<http::string_body> parser;
  parser.skip(method == "HEAD");
  http::read(*state_->stream, state_->buffer, parser);
  const http::response<http::string_body>& response = parser.get();
  HttpAnswer answer{
      .status = static_cast<int>(response.result_int()), .headers = {}, .body = response.body()};
  for (const auto& field : response) {
    std::string name(field.name_string());
    for (char& c : name) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    answer.headers[name] = std::string(field.value());
    if (name == "set-cookie") answer.cookies.emplace_back(field.value());
  }
  return answer;
}

int HttpClient::SendRaw(const std::string& bytes) {
  beast::error_code error;
  asio::write(*state_->stream, asio::buffer(bytes), error);
  http::response<http::string_body> response;
  http::read(*state_->stream, state_->buffer, response, error);
  return error ? 0 : static_cast<int>(response.result_int());
}

}  // namespace sluice::testing
