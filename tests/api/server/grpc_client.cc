#include "tests/api/server/grpc_client.h"

#include <google/protobuf/util/json_util.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/rpc_method.h>
#include <grpcpp/support/sync_stream.h>

#include "api/gateway/transcode.h"
#include "core/check.h"

namespace sluice::testing {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

std::unique_ptr<Message> NewMessage(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(MessageFactory::generated_factory()->GetPrototype(type)->New());
}

grpc::Status SendBytes(grpc::ChannelInterface& channel, const std::string& path,
                       grpc::ClientContext& context, const grpc::ByteBuffer& request,
                       grpc::ByteBuffer& answer) {
  const grpc::internal::RpcMethod method(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
  return grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      &channel, method, &context, request, &answer);
}

std::string ReasonOf(const std::string& details) {
  google::rpc::Status status;
  google::rpc::ErrorInfo info;
  if (!status.ParseFromString(details)) return "";
  for (const auto& detail : status.details()) {
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

}  // namespace

struct GrpcClient::State {
  std::shared_ptr<grpc::Channel> channel;
};

GrpcClient::GrpcClient(int port, const std::string& certificate)
    : GrpcClient(port, certificate, TlsIdentity{}) {}

GrpcClient::GrpcClient(int port, const std::string& certificate, const TlsIdentity& own)
    : state_(std::make_unique<State>()) {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = certificate;
  tls.pem_cert_chain = own.certificate;
  tls.pem_private_key = own.key.Reveal();
  state_->channel =
      grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::SslCredentials(tls));
}

GrpcClient::~GrpcClient() = default;

GrpcAnswer GrpcClient::Call(const std::string& service, const std::string& method,
                            const std::string& request_json, const std::string& token) {
  const auto* const descriptor =
      DescriptorPool::generated_pool()->FindMethodByName(service + "." + method);
  CHECK(descriptor != nullptr);
  const auto request = NewMessage(descriptor->input_type());
  const auto answer = NewMessage(descriptor->output_type());
  CHECK(google::protobuf::util::JsonStringToMessage(request_json, request.get()).ok());
  grpc::ClientContext context;
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
  grpc::ByteBuffer sent;
  grpc::ByteBuffer received;
  bool own = false;
  CHECK((grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(*request, &sent, &own).ok()));
  const grpc::Status status =
      SendBytes(*state_->channel, "/" + service + "/" + method, context, sent, received);
  GrpcAnswer result{.code = static_cast<int>(status.error_code()),
                    .message = status.error_message(),
                    .reason = ReasonOf(status.error_details()),
                    .json = {},
                    .trailers = {}};
  for (const auto& [name, value] : context.GetServerTrailingMetadata()) {
    result.trailers[{name.data(), name.size()}] = {value.data(), value.size()};
  }
  if (!status.ok()) return result;
  CHECK((grpc::GenericDeserialize<grpc::ProtoBufferReader, Message>(&received, answer.get()).ok()));
  result.json = api::WriteJson(*answer).value();
  return result;
}

GrpcClient::Streamed GrpcClient::Stream(const std::string& service, const std::string& method,
                                        const std::string& request_json, const std::string& token) {
  const auto* const descriptor =
      DescriptorPool::generated_pool()->FindMethodByName(service + "." + method);
  CHECK(descriptor != nullptr);
  const auto request = NewMessage(descriptor->input_type());
  CHECK(google::protobuf::util::JsonStringToMessage(request_json, request.get()).ok());
  grpc::ClientContext context;
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
  grpc::ByteBuffer sent;
  bool own = false;
  CHECK((grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(*request, &sent, &own).ok()));
  const std::string path = "/" + service + "/" + method;
  const grpc::internal::RpcMethod rpc(path.c_str(), grpc::internal::RpcMethod::SERVER_STREAMING);
  const std::unique_ptr<grpc::ClientReader<grpc::ByteBuffer>> reader(
      grpc::internal::ClientReaderFactory<grpc::ByteBuffer>::Create(state_->channel.get(), rpc,
                                                                    &context, sent));
  Streamed streamed;
  grpc::ByteBuffer received;
  while (reader->Read(&received)) {
    const auto message = NewMessage(descriptor->output_type());
    CHECK((
        grpc::GenericDeserialize<grpc::ProtoBufferReader, Message>(&received, message.get()).ok()));
    streamed.messages.push_back(api::WriteJson(*message).value());
  }
  streamed.code = static_cast<int>(reader->Finish().error_code());
  return streamed;
}

bool GrpcClient::IsServing(const std::string& service) {
  // HealthCheckRequest { string service = 1 } and HealthCheckResponse { status = 1 }, SERVING = 1.
  const std::string request = std::string("\x0A") + static_cast<char>(service.size()) + service;
  const grpc::Slice slice(request);
  const grpc::ByteBuffer sent(&slice, 1);
  grpc::ByteBuffer received;
  grpc::ClientContext context;
  if (!SendBytes(*state_->channel, "/grpc.health.v1.Health/Check", context, sent, received).ok()) {
    return false;
  }
  grpc::Slice answer;
  return received.DumpToSingleSlice(&answer).ok() &&
         std::string(answer.begin(), answer.end()) == "\x08\x01";
}

}  // namespace sluice::testing
