// sluice.payments.v1.PaymentFileService, without the bytes of files.
#include <optional>
#include <string>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/payment_file_list_store.h"
#include "api/handlers/proposal_store.h"
#include "api/handlers/values.h"
#include "api/service/resource_path.h"
#include "payments/delivery/unknown_delivery.h"
#include "payments/disbursement_store.h"
#include "payments/run_store.h"
#include "sluice/payments/v1/payment.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::PaymentFileId;

constexpr std::string_view kNotDelivered = "declare file not delivered";

v1::PaymentFile FileMessage(PayerId payer, const PaymentFileRow& row) {
  v1::PaymentFile to;
  to.set_name(fmt::format("payers/{}/files/{}", payer, row.id));
  to.set_run(fmt::format("payers/{}/programs/{}/cycles/{}/runs/{}", payer, row.program, row.cycle,
                         row.run));
  to.set_kind(static_cast<v1::PaymentFileKind>(row.kind));
  to.set_file_name(row.name);
  to.set_entries(row.entries);
  Set(*to.mutable_total(), row.total);
  to.set_state(static_cast<v1::PaymentFileState>(static_cast<int>(row.state) + 1));
  Set(*to.mutable_create_time(), row.created_at);
  to.set_etag(fmt::format("\"{}-{}-{}\"", row.id, static_cast<int>(row.state), row.moves));
  return to;
}

// What somebody says of it as it stands.
void SetProposal(v1::PaymentFile& to, PayerId payer, const Proposal& proposal) {
  if (proposal.etag != to.etag()) return;
  to.set_not_delivered_proposed_by(UserName(payer, proposal.by));
  to.set_not_delivered_evidence(proposal.note);
}

StatusOr<PaymentFileId> FileIdAt(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  return path.Get<payments::PaymentFileTag>("files");
}

StatusOr<PaymentFileRow> RequireFile(pg::Transaction& tx, PaymentFileId file) {
  auto row = FindPaymentFile(tx, file);
  if (!row) return NotFound("there is no file {}", file);
  return *std::move(row);
}

StatusOr<v1::PaymentFile> LoadFileMessage(pg::Transaction& tx, PayerId payer, PaymentFileId file) {
  ASSIGN_OR_RETURN(const PaymentFileRow row, RequireFile(tx, file));
  v1::PaymentFile message = FileMessage(payer, row);
  const auto proposal = FindProposal(tx, payer, kNotDelivered, message.name());
  if (proposal) SetProposal(message, payer, *proposal);
  return message;
}

StatusOr<v1::PaymentFile> GetPaymentFile(Call& call, const v1::GetPaymentFileRequest& request) {
  ASSIGN_OR_RETURN(const PaymentFileId file, FileIdAt(request.name()));
  return call.Read([&](pg::Transaction& tx) { return LoadFileMessage(tx, call.Payer(), file); });
}

StatusOr<v1::ListPaymentFilesResponse> ListPaymentFiles(
    Call& call, const v1::ListPaymentFilesRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     PaymentFileFields(), "create_time desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListPaymentFilesResponse> {
    const PaymentFilePage loaded = LoadPaymentFilePage(tx, page);
    v1::ListPaymentFilesResponse response;
    std::vector<std::string> names;
    for (const PaymentFileRow& row : loaded.files) {
      *response.add_payment_files() = FileMessage(call.Payer(), row);
      names.push_back(response.payment_files().rbegin()->name());
    }
    const auto proposals = LoadProposals(tx, call.Payer(), kNotDelivered, names);
    for (v1::PaymentFile& file : *response.mutable_payment_files()) {
      const auto proposal = proposals.find(file.name());
      if (proposal != proposals.end()) SetProposal(file, call.Payer(), proposal->second);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

// One decision about a file, locked after its run as everywhere.
template <typename Work>
StatusOr<v1::PaymentFile> ChangeFile(Call& call, const PaymentFileRow& known,
                                     const std::string& etag, const std::string& reason,
                                     Work&& work) {
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::PaymentFile> {
    payments::LockRun(tx, known.book, known.run);
    payments::LockFile(tx, known.book, known.id);
    return LoadFileMessage(tx, call.Payer(), known.id);
  };
  return call.Change<v1::PaymentFile>({.before = load,
                                       .work = std::forward<Work>(work),
                                       .after = load,
                                       .etag = etag,
                                       .validate_only = false,
                                       .reason = reason});
}

StatusOr<PaymentFileRow> FileNamed(Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const PaymentFileId file, FileIdAt(name));
  return call.Read([&](pg::Transaction& tx) { return RequireFile(tx, file); });
}

StatusOr<v1::PaymentFile> ConfirmFileDelivered(Call& call,
                                               const v1::ConfirmFileDeliveredRequest& request) {
  ASSIGN_OR_RETURN(const PaymentFileRow file, FileNamed(call, request.name()));
  return ChangeFile(
      call, file, request.etag(), request.evidence(), [&](const pg::Database& database) {
        return payments::UnknownDelivery(database, call.Payer(), file.book, call.Clock())
            .Confirm(file.run, file.id, request.evidence(), call.Actor());
      });
}

StatusOr<v1::PaymentFile> ProposeFileNotDelivered(
    Call& call, const v1::ProposeFileNotDeliveredRequest& request) {
  ASSIGN_OR_RETURN(const PaymentFileRow file, FileNamed(call, request.name()));
  return ChangeFile(
      call, file, request.etag(), request.evidence(), [&](const pg::Database& database) -> Status {
        return database.Transact([&](pg::Transaction& tx) -> Status {
          ASSIGN_OR_RETURN(const v1::PaymentFile now, LoadFileMessage(tx, call.Payer(), file.id));
          if (now.state() != v1::PAYMENT_FILE_STATE_SENT_UNKNOWN) {
            return FailedPrecondition("file {} is not one whose delivery is unknown", file.id);
          }
          InsertProposal(tx, call.Payer(),
                         {.action = std::string(kNotDelivered),
                          .resource = now.name(),
                          .etag = now.etag(),
                          .content = "",
                          .note = request.evidence(),
                          .by = call.User(),
                          .at = call.Now()});
          return OkStatus();
        });
      });
}

StatusOr<v1::PaymentFile> DeclareFileNotDelivered(
    Call& call, const v1::DeclareFileNotDeliveredRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.first_person()));
  ASSIGN_OR_RETURN(const UserId first, path.Get<UserTag>("users"));
  ASSIGN_OR_RETURN(const PaymentFileRow file, FileNamed(call, request.name()));
  RETURN_IF_ERROR(call.Read([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(const v1::PaymentFile now, LoadFileMessage(tx, call.Payer(), file.id));
    return RequireProposal(tx, call.Payer(),
                           {.action = kNotDelivered,
                            .resource = now.name(),
                            .etag = now.etag(),
                            .content = "",
                            .first = first,
                            .second = call.User()})
        .status();
  }));
  return ChangeFile(
      call, file, request.etag(), request.evidence(), [&](const pg::Database& database) {
        return payments::UnknownDelivery(database, call.Payer(), file.book, call.Clock())
            .DeclareNotDelivered(file.run, file.id, request.evidence(),
                                 {.user = first, .human = true}, call.Actor());
      });
}

}  // namespace

void ServePaymentFiles(Methods& methods) {
  const std::string service = "sluice.payments.v1.PaymentFileService.";
  methods.Serve<v1::GetPaymentFileRequest, v1::PaymentFile>(service + "GetPaymentFile",
                                                            GetPaymentFile);
  methods.Serve<v1::ListPaymentFilesRequest, v1::ListPaymentFilesResponse>(
      service + "ListPaymentFiles", ListPaymentFiles);
  methods.Serve<v1::ConfirmFileDeliveredRequest, v1::PaymentFile>(service + "ConfirmFileDelivered",
                                                                  ConfirmFileDelivered);
  methods.Serve<v1::ProposeFileNotDeliveredRequest, v1::PaymentFile>(
      service + "ProposeFileNotDelivered", ProposeFileNotDelivered);
  methods.Serve<v1::DeclareFileNotDeliveredRequest, v1::PaymentFile>(
      service + "DeclareFileNotDelivered", DeclareFileNotDelivered);
}

}  // namespace sluice::api
