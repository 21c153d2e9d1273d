// sluice.payments.v1.NoticeService
#include <optional>
#include <string>

#include "api/handlers/handlers.h"
#include "api/handlers/notice_list_store.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/notices/notice_service.h"
#include "payments/notices/notice_store.h"
#include "sluice/payments/v1/notice.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::NoticeVerdict;
using payments::PayeeNotice;

// An address is data of a person: masked for whoever reads it here.
v1::Notice NoticeMessage(PayerId payer, const PayeeNotice& notice) {
  v1::Notice to;
  to.set_name(fmt::format("payers/{}/notices/{}", payer, NoticeId(notice.id)));
  to.set_payee(PayeeName(payer, notice.payee));
  to.set_kind(static_cast<v1::NoticeKind>(notice.kind));
  to.set_channel(static_cast<v1::NoticeChannel>(notice.channel));
  to.set_address_masked(payments::MaskedAddress(notice));
  to.set_recipient(notice.recipient);
  to.set_body(notice.body);
  to.set_state(static_cast<v1::NoticeState>(static_cast<int>(notice.state) + 1));
  to.set_detail(notice.detail);
  Set(*to.mutable_create_time(), notice.recorded_at);
  if (notice.moved_at) Set(*to.mutable_update_time(), *notice.moved_at);
  to.set_etag(fmt::format("\"{}-{}-{}\"", NoticeId(notice.id), static_cast<int>(notice.state),
                          notice.moved_at ? notice.moved_at->Micros() : 0));
  return to;
}

StatusOr<v1::ListNoticesResponse> ListNotices(Call& call, const v1::ListNoticesRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     NoticeFields(), "create_time desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListNoticesResponse> {
    const NoticePage loaded = LoadNoticePage(tx, call.Payer(), page);
    v1::ListNoticesResponse response;
    for (const PayeeNotice& notice : loaded.notices) {
      *response.add_notices() = NoticeMessage(call.Payer(), notice);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::Notice> MarkNotice(Call& call, const v1::MarkNoticeRequest& request) {
  if (!v1::NoticeVerdict_IsValid(request.verdict())) {
    return WrongFields({{"verdict", "is TOLD, FAILED or SEND_AGAIN"}});
  }
  const auto verdict = static_cast<NoticeVerdict>(static_cast<int>(request.verdict()) - 1);
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  ASSIGN_OR_RETURN(const NoticeId id, path.Get<NoticeTag>("notices"));
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::Notice> {
    const auto notice = payments::LockNotice(tx, call.Payer(), id.Value());
    if (!notice) return NotFound("there is no notice {}", id);
    return NoticeMessage(call.Payer(), *notice);
  };
  return call.Change<v1::Notice>({.before = load,
                                  .work =
                                      [&](const pg::Database& database) {
                                        return payments::NoticeService(database, call.Payer(),
                                                                       call.Clock())
                                            .Mark(id.Value(), verdict, request.how(), call.Actor());
                                      },
                                  .after = load,
                                  .etag = request.etag(),
                                  .validate_only = false,
                                  .reason = request.how()});
}

}  // namespace

void ServeNotices(Methods& methods) {
  const std::string service = "sluice.payments.v1.NoticeService.";
  methods.Serve<v1::ListNoticesRequest, v1::ListNoticesResponse>(service + "ListNotices",
                                                                 ListNotices);
  methods.Serve<v1::MarkNoticeRequest, v1::Notice>(service + "MarkNotice", MarkNotice);
}

}  // namespace sluice::api
