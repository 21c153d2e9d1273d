// sluice.payments.v1.TaxService
//
// A payee sees its own standing; what changes it is the payer's: a number certified by a W-9
// becomes the payee's at once, and nobody withholds from themselves.
#include <charconv>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/payee_reach.h"
#include "api/handlers/tax_list_store.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/payee_service.h"
#include "payments/tax/tax_service.h"
#include "performance/program_store.h"
#include "sluice/payments/v1/compliance.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::CertifiedTaxpayer;
using payments::TaxService;

// A form is named by its payee and its day: there is one of a day.
std::string TaxFormName(PayerId payer, PayeeId payee, Date certified_on) {
  return fmt::format("{}/taxForms/{}", PayeeName(payer, payee), FormatDate(certified_on));
}

// The numbers of classifications are those that are stored.
v1::TaxForm MessageOf(PayerId payer, const CertifiedTaxpayer& form) {
  v1::TaxForm to;
  to.set_name(TaxFormName(payer, form.payee, form.certified_on));
  Set(*to.mutable_certified_on(), form.certified_on);
  if (!form.tin_last4.empty()) to.set_tin_masked("ending " + form.tin_last4);
  to.set_tin_kind(static_cast<v1::TinKind>(static_cast<int>(form.tin_kind) + 1));
  to.set_legal_name(form.legal_name);
  to.set_business_name(form.business_name);
  to.set_classification(static_cast<v1::TaxClassification>(form.classification));
  to.set_exempt_code(form.exempt_code);
  return to;
}

v1::TaxStanding MessageOf(PayerId payer, const TaxStandingRow& row) {
  v1::TaxStanding to;
  to.set_payee(PayeeName(payer, row.payee));
  if (row.form) *to.mutable_newest_form() = MessageOf(payer, *row.form);
  if (row.match) to.set_tin_match(std::string(payments::TinMatchText(*row.match)));
  if (row.backup) {
    to.set_backup_reason(static_cast<v1::BackupReason>(static_cast<int>(*row.backup) + 1));
    Set(*to.mutable_backup_from(), *row.backup_from);
  }
  return to;
}

StatusOr<TaxService> Office(Call& call, const pg::Database& database) {
  ASSIGN_OR_RETURN(const payments::KeyProvider* const keys, call.Sealing());
  return TaxService(database, call.Payer(), *keys, call.Clock(), call.Ids());
}

StatusOr<v1::ListTaxStandingsResponse> ListTaxStandings(
    Call& call, const v1::ListTaxStandingsRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     TaxStandingFields(), "payee"));
  const PayeeReach reach = PayeeReachOf(call);
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListTaxStandingsResponse> {
    const TaxStandingPage loaded = LoadTaxStandingPage(tx, call.Payer(), reach, page);
    v1::ListTaxStandingsResponse response;
    for (const TaxStandingRow& row : loaded.standings) {
      *response.add_tax_standings() = MessageOf(call.Payer(), row);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<payments::TaxForm> ReadTaxForm(const v1::RecordTaxFormRequest& request) {
  const v1::TaxForm& from = request.tax_form();
  std::vector<std::pair<std::string, std::string>> faults;
  if (!v1::TinKind_IsValid(from.tin_kind())) {
    faults.emplace_back("tax_form.tin_kind", "is none of the kinds of numbers");
  }
  if (!v1::TaxClassification_IsValid(from.classification())) {
    faults.emplace_back("tax_form.classification", "is none of the boxes of a W-9");
  }
  if (!faults.empty()) return WrongFields(faults);
  payments::TaxForm read{
      .payee = {},
      .tin = SecretString(from.tin()),
      .legal_name = from.legal_name(),
      .business_name = from.business_name(),
      .classification = static_cast<payments::TaxClassification>(from.classification()),
      .exempt_code = from.exempt_code()};
  if (from.tin_kind() != v1::TIN_KIND_UNSPECIFIED) {
    read.tin_kind = static_cast<payments::TinKind>(static_cast<int>(from.tin_kind()) - 1);
  }
  ASSIGN_OR_RETURN(read.payee, PayeeIdOf(request.parent()));
  ASSIGN_OR_RETURN(read.certified_on, ReadDate("tax_form.certified_on", from.certified_on()));
  return read;
}

StatusOr<v1::TaxForm> RecordTaxForm(Call& call, const v1::RecordTaxFormRequest& request) {
  ASSIGN_OR_RETURN(const payments::TaxForm form, ReadTaxForm(request));
  ASSIGN_OR_RETURN(const payments::KeyProvider* const keys, call.Sealing());
  // The keys of the payer, where it has none: the change itself is one transaction.
  RETURN_IF_ERROR(
      payments::LoadAccountSealer(call.Reading(), call.Payer(), *keys, call.Clock(), call.Ids())
          .status());
  return call.Change<v1::TaxForm>({.before = nullptr,
                                   .work = [&](const pg::Database& database) -> Status {
                                     ASSIGN_OR_RETURN(TaxService office, Office(call, database));
                                     return office.RecordForms(std::span(&form, 1), call.Actor());
                                   },
                                   .after = [&](pg::Transaction& tx) -> StatusOr<v1::TaxForm> {
                                     for (const CertifiedTaxpayer& stored :
                                          payments::LoadTaxForms(tx, std::span(&form.payee, 1))) {
                                       if (stored.certified_on == form.certified_on)
                                         return MessageOf(call.Payer(), stored);
                                     }
                                     return Internal("the W-9 is not there");
                                   },
                                   .etag = std::nullopt,
                                   .validate_only = request.validate_only(),
                                   .reason = ""});
}

// One change of what is withheld from a payee.
StatusOr<v1::TaxStanding> ChangeStanding(Call& call, const std::string& name,
                                         const std::string& note,
                                         const std::function<Status(TaxService&, PayeeId)>& work) {
  ASSIGN_OR_RETURN(const PayeeId payee, PayeeIdOf(name));
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::TaxStanding> {
    RETURN_IF_ERROR(FindPayeeFor(call, tx, payee).status());
    return MessageOf(call.Payer(), LoadTaxStanding(tx, call.Payer(), payee));
  };
  return call.Change<v1::TaxStanding>({.before = load,
                                       .work = [&](const pg::Database& database) -> Status {
                                         ASSIGN_OR_RETURN(TaxService office,
                                                          Office(call, database));
                                         return work(office, payee);
                                       },
                                       .after = load,
                                       .etag = std::nullopt,
                                       .validate_only = false,
                                       .reason = note});
}

StatusOr<v1::TaxStanding> StartBackupWithholding(Call& call,
                                                 const v1::StartBackupWithholdingRequest& request) {
  if (!v1::BackupReason_IsValid(request.reason())) {
    return WrongFields({{"reason", "is none of the notices that begin backup withholding"}});
  }
  const auto reason = static_cast<payments::BackupReason>(static_cast<int>(request.reason()) - 1);
  ASSIGN_OR_RETURN(const Date from, ReadDate("from", request.from()));
  return ChangeStanding(
      call, request.name(), request.note(), [&](TaxService& office, PayeeId payee) {
        return office.StartBackup(payee, reason, from, request.note(), call.Actor());
      });
}

StatusOr<v1::TaxStanding> EndBackupWithholding(Call& call,
                                               const v1::EndBackupWithholdingRequest& request) {
  ASSIGN_OR_RETURN(const Date from, ReadDate("from", request.from()));
  return ChangeStanding(call, request.name(), request.note(),
                        [&](TaxService& office, PayeeId payee) {
                          return office.EndBackup(payee, from, request.note(), call.Actor());
                        });
}

// The year of "payers/p/taxYears/2026".
StatusOr<int> YearOf(const std::string& name) {
  constexpr int kFirst = 2000;
  constexpr int kLast = 2200;
  const std::size_t at = name.rfind('/') + 1;
  const char* const end = name.data() + name.size();
  int year = 0;
  const auto [rest, fault] = std::from_chars(name.data() + at, end, year);
  if (fault == std::errc() && rest == end && year >= kFirst && year <= kLast) return year;
  return WrongFields({{"name", "ends in a calendar year: taxYears/2026"}});
}

StatusOr<v1::TaxYear> GetTaxYear(Call& call, const v1::GetTaxYearRequest& request) {
  ASSIGN_OR_RETURN(const int year, YearOf(request.name()));
  ASSIGN_OR_RETURN(TaxService office, Office(call, call.Reading()));
  ASSIGN_OR_RETURN(const std::vector<payments::TaxTotal> totals, office.Year(year));
  v1::TaxYear to;
  to.set_name(fmt::format("payers/{}/taxYears/{}", call.Payer(), year));
  for (const payments::TaxTotal& total : totals) {
    v1::TaxTotal& added = *to.add_totals();
    added.set_display_name(total.name);
    if (!total.tin_last4.empty()) added.set_tin_masked("ending " + total.tin_last4);
    added.set_form(total.box.form);
    added.set_box(total.box.box);
    added.set_payments(total.payments);
    Set(*added.mutable_amount(), total.amount);
    Set(*added.mutable_tax(), total.tax);
    added.set_reported(total.reported);
    added.set_reason(total.reason);
  }
  return to;
}

StatusOr<v1::TinMatchQuestion> AskTinMatches(Call& call, const v1::AskTinMatchesRequest&) {
  ASSIGN_OR_RETURN(TaxService office, Office(call, call.Reading()));
  v1::TinMatchQuestion question;
  ASSIGN_OR_RETURN(const std::int64_t payees, office.CountUnmatched());
  question.set_payees(payees);
  return question;
}

StatusOr<v1::ProgramTaxBox> SetProgramTaxBox(Call& call,
                                             const v1::SetProgramTaxBoxRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  ASSIGN_OR_RETURN(const ProgramId program_id, path.Get<ProgramTag>("programs"));
  payments::ProgramTaxBox box{.book = {},
                              .role = request.box().role(),
                              .box = {request.box().form(), request.box().box()},
                              .reason = request.box().reason()};
  ASSIGN_OR_RETURN(box.effective_from,
                   ReadDate("box.effective_from", request.box().effective_from()));
  ASSIGN_OR_RETURN(box.book, call.Read([&](pg::Transaction& tx) -> StatusOr<BookId> {
    const auto program = performance::FindProgram(tx, program_id);
    if (!program) return NotFound("there is no program {}", program_id);
    return program->book;
  }));
  return call.Change<v1::ProgramTaxBox>(
      {.before = nullptr,
       .work = [&](const pg::Database& database) -> Status {
         ASSIGN_OR_RETURN(TaxService office, Office(call, database));
         return office.SetBox(box, call.Actor());
       },
       .after = [&](pg::Transaction&) -> StatusOr<v1::ProgramTaxBox> {
         v1::ProgramTaxBox to = request.box();  // what is there from that day, and never changes
         to.set_program(request.name());
         return to;
       },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = box.reason});
}

}  // namespace

void ServeTax(Methods& methods) {
  const std::string service = "sluice.payments.v1.TaxService.";
  methods.Serve<v1::ListTaxStandingsRequest, v1::ListTaxStandingsResponse>(
      service + "ListTaxStandings", ListTaxStandings, Narrowing::kByHandler);
  methods.Serve<v1::RecordTaxFormRequest, v1::TaxForm>(service + "RecordTaxForm", RecordTaxForm);
  methods.Serve<v1::StartBackupWithholdingRequest, v1::TaxStanding>(
      service + "StartBackupWithholding", StartBackupWithholding);
  methods.Serve<v1::EndBackupWithholdingRequest, v1::TaxStanding>(service + "EndBackupWithholding",
                                                                  EndBackupWithholding);
  methods.Serve<v1::GetTaxYearRequest, v1::TaxYear>(service + "GetTaxYear", GetTaxYear);
  methods.Serve<v1::AskTinMatchesRequest, v1::TinMatchQuestion>(service + "AskTinMatches",
                                                                AskTinMatches);
  methods.Serve<v1::SetProgramTaxBoxRequest, v1::ProgramTaxBox>(service + "SetProgramTaxBox",
                                                                SetProgramTaxBox);
}

}  // namespace sluice::api
