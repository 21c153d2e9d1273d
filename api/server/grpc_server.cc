#include "api/server/grpc_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/support/method_handler.h>

#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

#include "api/contract/published.h"
#include "api/gateway/problem.h"
#include "api/service/reason.h"

namespace sluice::api {
namespace {

using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

// How often a stream looks for what is new.
constexpr std::chrono::milliseconds kLookEvery{500};

std::unique_ptr<Message> NewMessage(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(MessageFactory::generated_factory()->GetPrototype(type)->New());
}

std::string TokenOf(const grpc::ServerContext& context) {
  constexpr std::string_view kBearer = "Bearer ";
  const auto found = context.client_metadata().find("authorization");
  if (found == context.client_metadata().end()) return "";
  const std::string value(found->second.data(), found->second.size());
  return value.starts_with(kBearer) ? value.substr(kBearer.size()) : "";
}

// "10.1.2.3" of "ipv4:10.1.2.3:50412"; what is of another form stays as it is.
std::string AddressOf(const std::string& peer) {
  const std::size_t kind = peer.find(':');
  const std::size_t port = peer.rfind(':');
  if (kind == std::string::npos || port <= kind) return peer;
  return peer.substr(kind + 1, port - kind - 1);
}

std::optional<std::chrono::steady_clock::time_point> DeadlineOf(
    const grpc::ServerContext& context) {
  const gpr_timespec deadline = context.raw_deadline();
  if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0) return std::nullopt;
  const gpr_timespec left = gpr_time_sub(deadline, gpr_now(deadline.clock_type));
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(gpr_time_to_millis(left));
}

// What the client showed and the handshake verified.
std::optional<CertificateFacts> CertificateOf(const grpc::ServerContext& context) {
  const std::vector<grpc::string_ref> pem =
      context.auth_context()->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (pem.empty()) return std::nullopt;
  StatusOr<CertificateFacts> facts = FactsOfPem({pem.front().data(), pem.front().size()});
  return facts.ok() ? std::optional(*std::move(facts)) : std::nullopt;
}

std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const GrpcOptions& options) {
  const auto asked = options.client_ca.empty() ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                                               : GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY;
  if (!options.watched) {
    grpc::SslServerCredentialsOptions tls(asked);
    tls.pem_root_certs = options.client_ca;
    tls.pem_key_cert_pairs.push_back({options.tls.key.Reveal(), options.tls.certificate});
    return grpc::SslServerCredentials(tls);
  }
  const GrpcOptions::Watched& watched = *options.watched;
  grpc::experimental::TlsServerCredentialsOptions tls(
      std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
          watched.key_file, watched.certificate_file, options.client_ca_file,
          watched.every_seconds));
  tls.watch_identity_key_cert_pairs();
  if (!options.client_ca.empty()) tls.watch_root_certs();
  tls.set_cert_request_type(asked);
  return grpc::experimental::TlsServerCredentials(tls);
}

grpc::Status ToGrpc(const CallOutcome& outcome) {
  if (outcome.status.ok()) return grpc::Status::OK;
  const google::rpc::Status status = ShownStatus(outcome.status, outcome.instance);
  return {static_cast<grpc::StatusCode>(status.code()), status.message(),
          status.SerializeAsString()};
}

// One service of the contract, whose methods all lead into Service::Answer. Messages stay bytes
// until the method's own types read them.
class ContractService final : public grpc::Service {
 public:
  ContractService(const ServiceDescriptor& descriptor, api::Service& service, Metrics& metrics,
                  std::counting_semaphore<>& streams)
      : service_(service), metrics_(metrics), streams_(streams) {
    names_.reserve(static_cast<std::size_t>(descriptor.method_count()));
    for (int i = 0; i < descriptor.method_count(); ++i) {
      const MethodDescriptor* const method = descriptor.method(i);
      if (method->client_streaming()) continue;
      names_.push_back(fmt::format("/{}/{}", descriptor.full_name(), method->name()));
      if (method->server_streaming()) {
        AddStream(*method);
        continue;
      }
      using Handler =
          grpc::internal::RpcMethodHandler<ContractService, grpc::ByteBuffer, grpc::ByteBuffer>;
      // The base owns the method, and the method its handler.
      AddMethod(new grpc::internal::RpcServiceMethod(
          names_.back().c_str(), grpc::internal::RpcMethod::NORMAL_RPC,
          new Handler(
              [method](ContractService* self, grpc::ServerContext* context,
                       const grpc::ByteBuffer* request, grpc::ByteBuffer* answer) {
                return self->Call(*method, *context, *request, *answer);
              },
              this)));
    }
  }

 private:
  grpc::Status Call(const MethodDescriptor& method, grpc::ServerContext& context,
                    const grpc::ByteBuffer& request_bytes, grpc::ByteBuffer& answer_bytes) {
    const auto began = std::chrono::steady_clock::now();
    const std::unique_ptr<Message> request = NewMessage(method.input_type());
    const std::unique_ptr<Message> answer = NewMessage(method.output_type());
    grpc::Status status = Read(request_bytes, *request);
    if (status.ok()) {
      const CallOutcome outcome = service_.Answer(method,
                                                  {.token = TokenOf(context),
                                                   .address = AddressOf(context.peer()),
                                                   .deadline = DeadlineOf(context),
                                                   .certificate = CertificateOf(context)},
                                                  *request, *answer);
      if (outcome.replayed) context.AddTrailingMetadata("idempotent-replay", "true");
      status = ToGrpc(outcome);
    }
    if (status.ok()) {
      bool own = false;
      status =
          grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(*answer, &answer_bytes, &own);
    }
    metrics_.Answered(Transport::kGrpc, method.full_name(),
                      CodeName(static_cast<int>(status.error_code())),
                      std::chrono::steady_clock::now() - began);
    return status;
  }

  void AddStream(const MethodDescriptor& method) {
    using Handler =
        grpc::internal::ServerStreamingHandler<ContractService, grpc::ByteBuffer, grpc::ByteBuffer>;
    AddMethod(new grpc::internal::RpcServiceMethod(
        names_.back().c_str(), grpc::internal::RpcMethod::SERVER_STREAMING,
        new Handler(
            [&method](ContractService* self, grpc::ServerContext* context,
                      const grpc::ByteBuffer* request,
                      grpc::ServerWriter<grpc::ByteBuffer>* writer) {
              const auto began = std::chrono::steady_clock::now();
              const grpc::Status status = self->Stream(method, *context, *request, *writer);
              self->metrics_.Answered(Transport::kGrpc, method.full_name(),
                                      CodeName(static_cast<int>(status.error_code())),
                                      std::chrono::steady_clock::now() - began);
              return status;
            },
            this)));
  }

  // A stream holds a thread while it lasts, so there are only so many at once.
  grpc::Status Stream(const MethodDescriptor& method, grpc::ServerContext& context,
                      const grpc::ByteBuffer& request_bytes,
                      grpc::ServerWriter<grpc::ByteBuffer>& writer) {
    if (!streams_.try_acquire()) {
      return {grpc::StatusCode::RESOURCE_EXHAUSTED, "too many streams at this server; come again"};
    }
    const std::unique_ptr<Message> request = NewMessage(method.input_type());
    grpc::Status status = Read(request_bytes, *request);
    bool ended = false;
    while (status.ok() && !ended) {
      StreamPart part;
      status = ToGrpc(service_.AnswerPart(method,
                                          {.token = TokenOf(context),
                                           .address = AddressOf(context.peer()),
                                           .deadline = DeadlineOf(context),
                                           .certificate = CertificateOf(context)},
                                          *request, part));
      if (status.ok()) status = Write(part, writer);
      ended = part.ended;
      if (!status.ok() || ended) break;
      if (context.IsCancelled()) status = grpc::Status::CANCELLED;
      if (service_.Draining().stop_requested()) {
        status = {grpc::StatusCode::UNAVAILABLE, "the server ends; go on at another one"};
      }
      if (status.ok()) Pause(service_.Draining());
    }
    streams_.release();
    return status;
  }

  static grpc::Status Write(const StreamPart& part, grpc::ServerWriter<grpc::ByteBuffer>& writer) {
    for (const StreamPart::Item& item : part.items) {
      grpc::ByteBuffer bytes;
      bool own = false;
      const grpc::Status status =
          grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(*item.message, &bytes, &own);
      if (!status.ok()) return status;
      if (!writer.Write(bytes)) return grpc::Status::CANCELLED;
    }
    return grpc::Status::OK;
  }

  static void Pause(const std::stop_token& draining) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, draining, kLookEvery, [] { return false; });
  }

  static grpc::Status Read(grpc::ByteBuffer bytes, Message& request) {
    if (grpc::GenericDeserialize<grpc::ProtoBufferReader, Message>(&bytes, &request).ok()) {
      return grpc::Status::OK;
    }
    return {grpc::StatusCode::INVALID_ARGUMENT,
            "the request is not a " + request.GetDescriptor()->full_name()};
  }

  api::Service& service_;
  Metrics& metrics_;
  std::counting_semaphore<>& streams_;
  std::vector<std::string> names_;  // the methods point into it
};

}  // namespace

struct GrpcServer::State {
  explicit State(int most_streams) : streams(most_streams) {}

  std::counting_semaphore<> streams;
  std::vector<std::unique_ptr<ContractService>> services;
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(Service& service, Metrics& metrics,
                                                        const GrpcOptions& options) {
  static const bool plugins = [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return true;
  }();
  (void)plugins;
  auto state = std::make_unique<State>(options.most_streams);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options.address, CredentialsOf(options), &state->port);
  builder.SetMaxReceiveMessageSize(options.largest_message_bytes);
  grpc::ResourceQuota quota("sluice");
  quota.SetMaxThreads(options.threads);
  builder.SetResourceQuota(quota);
  const std::vector<const ServiceDescriptor*> published = PublishedServices();
  for (const ServiceDescriptor* const descriptor : published) {
    state->services.push_back(
        std::make_unique<ContractService>(*descriptor, service, metrics, state->streams));
    builder.RegisterService(state->services.back().get());
  }
  state->server = builder.BuildAndStart();
  if (!state->server || state->port == 0) {
    return Unavailable("cannot listen for gRPC at {}", options.address);
  }
  for (const ServiceDescriptor* const descriptor : published) {
    state->server->GetHealthCheckService()->SetServingStatus(
        descriptor->full_name(), service.Handlers().Serves(*descriptor));
  }
  return std::unique_ptr<GrpcServer>(new GrpcServer(std::move(state)));
}

GrpcServer::GrpcServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

GrpcServer::~GrpcServer() { Stop(std::chrono::milliseconds(0)); }

int GrpcServer::Port() const { return state_->port; }

void GrpcServer::Stop(std::chrono::milliseconds wait) {
  state_->server->GetHealthCheckService()->SetServingStatus(false);
  state_->server->Shutdown(
      gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(wait.count(), GPR_TIMESPAN)));
  state_->server->Wait();
}

}  // namespace sluice::api
