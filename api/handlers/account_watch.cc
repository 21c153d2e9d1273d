// sluice.enrollment.v1.BankAccountService: what the payer's own people look at when accounts
// change. None of it is for payees: it tells who watches, and of other payees.
#include <cctype>
#include <string>

#include "api/handlers/account_watch_list_store.h"
#include "api/handlers/handlers.h"
#include "api/handlers/values.h"
#include "api/service/resource_path.h"
#include "payments/payee_service.h"
#include "sluice/enrollment/v1/payee.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::enrollment::v1;

using payments::AccountAlert;
using payments::PayeeNotice;

// The numbers of the contract are those that are stored.
v1::AccountAlert MessageOf(PayerId payer, const AccountAlert& alert) {
  v1::AccountAlert to;
  to.set_name(
      fmt::format("payers/{}/accountAlerts/{}", payer, FormatId(kAccountAlertPrefix, alert.id)));
  to.set_kind(static_cast<v1::AccountAlertKind>(alert.kind));
  to.set_payee(PayeeName(payer, alert.payee));
  if (alert.other) to.set_other_payee(PayeeName(payer, *alert.other));
  to.set_detail(alert.detail);
  to.set_cleared(alert.cleared_by.has_value());
  Set(*to.mutable_raise_time(), alert.raised_at);
  return to;
}

StatusOr<v1::ListAccountAlertsResponse> ListAccountAlerts(
    Call& call, const v1::ListAccountAlertsRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     AccountAlertFields(), "raise_time desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListAccountAlertsResponse> {
    const AccountAlertPage loaded = LoadAccountAlertPage(tx, call.Payer(), page);
    v1::ListAccountAlertsResponse response;
    for (const AccountAlert& alert : loaded.alerts) {
      *response.add_account_alerts() = MessageOf(call.Payer(), alert);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::AccountAlert> ClearAccountAlert(Call& call,
                                             const v1::ClearAccountAlertRequest& request) {
  ASSIGN_OR_RETURN(
      const std::int64_t id,
      ParseId(kAccountAlertPrefix, request.name().substr(request.name().rfind('/') + 1)));
  ASSIGN_OR_RETURN(const payments::KeyProvider* const keys, call.Sealing());
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::AccountAlert> {
    const auto alert = FindAccountAlert(tx, call.Payer(), id);
    if (!alert) return NotFound("there is no alert {}", FormatId(kAccountAlertPrefix, id));
    return MessageOf(call.Payer(), *alert);
  };
  return call.Change<v1::AccountAlert>(
      {.before = load,
       .work =
           [&](const pg::Database& database) {
             return payments::PayeeService(database, call.Payer(), *keys, call.Clock(), call.Ids())
                 .ClearAlert(id, request.note(), call.Actor());
           },
       .after = load,
       .etag = std::nullopt,
       .validate_only = false,
       .reason = request.note()});
}

std::string InCapitals(std::string_view text) {
  std::string capitals(text);
  for (char& c : capitals) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return capitals;
}

// Whose message it is, with as much of the address as tells two of them apart.
v1::AccountNotice MessageOf(PayerId payer, const PayeeNotice& notice) {
  v1::AccountNotice to;
  to.set_name(
      fmt::format("payers/{}/accountNotices/{}", payer, FormatId(kAccountNoticePrefix, notice.id)));
  to.set_payee(PayeeName(payer, notice.payee));
  to.set_channel(notice.channel == payments::NoticeChannel::kEmail ? "EMAIL" : "PHONE");
  const std::string address = payments::MaskedAddress(notice);
  to.set_recipient(notice.recipient.empty() ? address
                                            : fmt::format("{}, {}", notice.recipient, address));
  to.set_state(InCapitals(payments::NoticeStateName(notice.state)));
  return to;
}

StatusOr<v1::ListAccountNoticesResponse> ListAccountNotices(
    Call& call, const v1::ListAccountNoticesRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     AccountNoticeFields(), "name"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListAccountNoticesResponse> {
    const AccountNoticePage loaded = LoadAccountNoticePage(tx, call.Payer(), page);
    v1::ListAccountNoticesResponse response;
    for (const PayeeNotice& notice : loaded.notices) {
      *response.add_account_notices() = MessageOf(call.Payer(), notice);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::ListSharedAccountsResponse> ListSharedAccounts(
    Call& call, const v1::ListSharedAccountsRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), PlainQueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     SharedNumberFields(), "number"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListSharedAccountsResponse> {
    const SharedNumberPage loaded = LoadSharedNumberPage(tx, call.Payer(), page);
    v1::ListSharedAccountsResponse response;
    for (const SharedNumber& number : loaded.numbers) {
      v1::SharedAccount& shared = *response.add_shared_accounts();
      shared.set_account_masked("ending " + number.last4);
      for (const PayeeId payee : number.payees) {
        shared.add_payees(PayeeName(call.Payer(), payee));
      }
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

}  // namespace

void ServeAccountWatch(Methods& methods) {
  const std::string service = "sluice.enrollment.v1.BankAccountService.";
  methods.Serve<v1::ListAccountAlertsRequest, v1::ListAccountAlertsResponse>(
      service + "ListAccountAlerts", ListAccountAlerts);
  methods.Serve<v1::ClearAccountAlertRequest, v1::AccountAlert>(service + "ClearAccountAlert",
                                                                ClearAccountAlert);
  methods.Serve<v1::ListAccountNoticesRequest, v1::ListAccountNoticesResponse>(
      service + "ListAccountNotices", ListAccountNotices);
  methods.Serve<v1::ListSharedAccountsRequest, v1::ListSharedAccountsResponse>(
      service + "ListSharedAccounts", ListSharedAccounts);
}

}  // namespace sluice::api
