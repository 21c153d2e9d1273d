// sluice.payments.v1.InboundFileService: what is read of files that came in, and what people did
// about their items. Their bytes are taken in and applied where files are opened, not here.
#include <algorithm>
#include <optional>
#include <string>

#include "api/handlers/handlers.h"
#include "api/handlers/inbound_list_store.h"
#include "api/handlers/money_names.h"
#include "api/handlers/values.h"
#include "api/service/resource_path.h"
#include "core/calendar.h"
#include "payments/inbound/inbound_desk.h"
#include "payments/inbound/inbound_store.h"
#include "sluice/payments/v1/payment.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::InboundFileId;
using payments::ItemKind;

v1::InboundFile InboundFileMessage(PayerId payer, const InboundFileShown& shown) {
  const payments::InboundFileRow& file = shown.file;
  v1::InboundFile to;
  to.set_name(fmt::format("payers/{}/inboundFiles/{}", payer, file.id));
  to.set_file_name(file.name);
  to.set_sha256(ToHex(file.fingerprint));
  to.set_kind(static_cast<v1::InboundFileKind>(static_cast<int>(file.kind) + 1));
  to.set_known_before(shown.deliveries > 1);
  to.set_items(shown.items);
  to.set_open_items(shown.open_items);
  Set(*to.mutable_receive_time(), file.received_at);
  to.set_state(static_cast<v1::InboundFileState>(static_cast<int>(file.state) + 1));
  return to;
}

std::string_view KindText(ItemKind kind) {
  switch (kind) {
    case ItemKind::kReturn:
      return "RETURN";
    case ItemKind::kChange:
      return "CHANGE";
    case ItemKind::kDishonored:
      return "DISHONORED";
    case ItemKind::kContested:
      return "CONTESTED";
    case ItemKind::kChangeRefused:
      return "CHANGE_REFUSED";
    case ItemKind::kReject:
      return "REJECT";
    case ItemKind::kForward:
      return "FORWARD";
    case ItemKind::kGroupAnswer:
      return "GROUP_ANSWER";
    case ItemKind::kInterchangeAnswer:
      return "INTERCHANGE_ANSWER";
    case ItemKind::kStatement:
      return "STATEMENT";
    case ItemKind::kBankLine:
      return "BANK_LINE";
    case ItemKind::kBalance:
      return "BALANCE";
  }
  return "";
}

v1::InboundItem InboundItemMessage(const Call& call, const InboundItemShown& shown) {
  const payments::InboundItemRow& item = shown.item;
  v1::InboundItem to;
  to.set_name(
      fmt::format("payers/{}/inboundFiles/{}/items/{}", call.Payer(), item.file, item.item_no));
  to.set_kind(std::string(KindText(item.kind)));
  to.set_code(item.code);
  Set(*to.mutable_amount(), item.amount);
  to.set_debit(item.debit);
  if (!item.account_last4.empty()) to.set_account_masked("ending " + item.account_last4);
  to.set_state(static_cast<v1::InboundItemState>(static_cast<int>(item.state) + 1));
  to.set_reason(item.reason);
  if (shown.payment) {
    to.set_payment(fmt::format("payers/{}/payments/{}", call.Payer(), *shown.payment));
  }
  if (payments::IsOpen(item.state)) {
    const int age = BankingDaysBetween(shown.received_at.UtcDate(), call.Today());
    to.set_banking_days_old(std::max(0, age));
  }
  to.set_etag(fmt::format("\"{}-{}-{}-{}\"", item.file, item.item_no, static_cast<int>(item.state),
                          shown.changed_at.Micros()));
  return to;
}

StatusOr<v1::InboundFile> GetInboundFile(Call& call, const v1::GetInboundFileRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  ASSIGN_OR_RETURN(const auto file, path.Get<payments::InboundFileTag>("inboundFiles"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::InboundFile> {
    const auto home = payments::FindHomeBook(tx);
    const auto shown = home ? FindInboundShown(tx, *home, file) : std::nullopt;
    if (!shown) return NotFound("there is no inbound file {}", file);
    v1::InboundFile message = InboundFileMessage(call.Payer(), *shown);
    for (const payments::InboundFault& fault : payments::LoadInboundFaults(tx, *home, file)) {
      message.add_faults(fault.ToString());
    }
    return message;
  });
}

StatusOr<v1::ListInboundFilesResponse> ListInboundFiles(
    Call& call, const v1::ListInboundFilesRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     InboundFileFields(), "receive_time desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListInboundFilesResponse> {
    v1::ListInboundFilesResponse response;
    const auto home = payments::FindHomeBook(tx);
    if (!home) return response;
    const InboundFilePage loaded = LoadInboundFilePage(tx, *home, page);
    for (const InboundFileShown& shown : loaded.files) {
      *response.add_inbound_files() = InboundFileMessage(call.Payer(), shown);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::ListInboundItemsResponse> ListInboundItems(
    Call& call, const v1::ListInboundItemsRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.parent()));
  ASSIGN_OR_RETURN(const auto file, path.GetOrAll<payments::InboundFileTag>("inboundFiles"));
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     InboundItemFields(), "age desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListInboundItemsResponse> {
    v1::ListInboundItemsResponse response;
    const auto home = payments::FindHomeBook(tx);
    if (!home) return response;
    const InboundItemPage loaded = LoadInboundItemPage(tx, *home, file, page);
    for (const InboundItemShown& shown : loaded.items) {
      *response.add_inbound_items() = InboundItemMessage(call, shown);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::InboundItem> ResolveInboundItem(Call& call,
                                             const v1::ResolveInboundItemRequest& request) {
  ASSIGN_OR_RETURN(const std::int64_t number, NumberIn(request.name(), "items"));
  const std::size_t end = request.name().rfind("/items/");
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name().substr(0, end)));
  ASSIGN_OR_RETURN(const auto file, path.Get<payments::InboundFileTag>("inboundFiles"));
  const auto item = static_cast<std::int32_t>(std::min<std::int64_t>(number, INT32_MAX));
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::InboundItem> {
    const auto home = payments::FindHomeBook(tx);
    const auto shown = home ? LockInboundShown(tx, *home, file, item) : std::nullopt;
    if (!shown) return NotFound("file {} has no item {}", file, number);
    return InboundItemMessage(call, *shown);
  };
  return call.Change<v1::InboundItem>({.before = load,
                                       .work =
                                           [&](const pg::Database& database) {
                                             return payments::InboundDesk(database, call.Payer(),
                                                                          call.Clock())
                                                 .Resolve(file, item, request.note(), call.Actor());
                                           },
                                       .after = load,
                                       .etag = request.etag(),
                                       .validate_only = false,
                                       .reason = request.note()});
}

}  // namespace

void ServeInboundFiles(Methods& methods) {
  const std::string service = "sluice.payments.v1.InboundFileService.";
  methods.Serve<v1::GetInboundFileRequest, v1::InboundFile>(service + "GetInboundFile",
                                                            GetInboundFile);
  methods.Serve<v1::ListInboundFilesRequest, v1::ListInboundFilesResponse>(
      service + "ListInboundFiles", ListInboundFiles);
  methods.Serve<v1::ListInboundItemsRequest, v1::ListInboundItemsResponse>(
      service + "ListInboundItems", ListInboundItems);
  methods.Serve<v1::ResolveInboundItemRequest, v1::InboundItem>(service + "ResolveInboundItem",
                                                                ResolveInboundItem);
}

}  // namespace sluice::api
