#include "payments/tax/tax_service.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/crypto.h"
#include "payments/payee_service.h"
#include "payments/pluck.h"

namespace sluice::payments {
namespace {

// What the form leaves out is as the payee is enrolled.
TaxForm Completed(const TaxForm& form, const Payee& payee) {
  TaxForm complete = form;
  if (complete.tin.Reveal().empty()) complete.tin = SecretString(payee.tin);
  if (complete.legal_name.empty()) complete.legal_name = payee.name;
  if (!complete.tin_kind) {
    complete.tin_kind = payee.kind == PayeeKind::kPerson ? TinKind::kSsn : TinKind::kEin;
  }
  return complete;
}

StatusOr<std::vector<TaxForm>> CompletedForms(pg::Transaction& tx, std::span<const TaxForm> forms) {
  std::map<PayeeId, Payee> known;
  for (Payee& payee : LoadPayees(tx, Pluck(forms, &TaxForm::payee))) {
    known.emplace(payee.id, std::move(payee));
  }
  std::vector<TaxForm> complete;
  complete.reserve(forms.size());
  for (const TaxForm& form : forms) {
    const auto payee = known.find(form.payee);
    if (payee == known.end()) return NotFound("there is no payee {}", form.payee);
    complete.push_back(Completed(form, payee->second));
    // A form that says no number certifies the enrolled one, which was checked at enrollment.
    if (!form.tin.Reveal().empty() || form.tin_kind) {
      RETURN_IF_ERROR(CheckTaxForm(complete.back()));
    }
  }
  return complete;
}

bool SameForm(const CertifiedTaxpayer& a, const CertifiedTaxpayer& b) {
  return a.blind_index == b.blind_index && a.legal_name == b.legal_name &&
         a.business_name == b.business_name && a.classification == b.classification &&
         a.exempt_code == b.exempt_code && a.tin_kind == b.tin_kind;
}

// Of forms that were there before, none may say anything else.
Status CheckRepeated(pg::Transaction& tx, std::span<const SealedTaxForm> forms) {
  std::vector<PayeeId> payees;
  for (const SealedTaxForm& form : forms) payees.push_back(form.taxpayer.payee);
  std::map<std::pair<PayeeId, Date>, CertifiedTaxpayer> stored;
  for (CertifiedTaxpayer& form : LoadTaxForms(tx, payees)) {
    const auto key = std::pair{form.payee, form.certified_on};
    stored.emplace(key, std::move(form));
  }
  for (const SealedTaxForm& form : forms) {
    const CertifiedTaxpayer& given = form.taxpayer;
    const CertifiedTaxpayer& known = stored.at({given.payee, given.certified_on});
    if (!known.blind_index || SameForm(known, given)) continue;
    return AlreadyExists("payee {} has another W-9 of {} on file: a corrected one has a later day",
                         given.payee, FormatDate(given.certified_on));
  }
  return OkStatus();
}

// The newest form, where the authority did not answer to it and can be asked; null for none.
const CertifiedTaxpayer* UnmatchedForm(const TaxStanding& standing) {
  if (standing.payee.forms.empty()) return nullptr;
  const CertifiedTaxpayer& form = standing.payee.forms.back();
  const bool answered = standing.match && standing.match->certified_on == form.certified_on;
  return answered || !form.blind_index ? nullptr : &form;
}

}  // namespace

Status TaxService::RecordForms(std::span<const TaxForm> forms, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  for (const TaxForm& form : forms) {
    if (form.certified_on > recorded.at.UtcDate()) {
      return InvalidArgument("payee {}: its W-9 cannot be certified on {}, a day to come",
                             form.payee, FormatDate(form.certified_on));
    }
  }
  ASSIGN_OR_RETURN(const std::vector<TaxForm> complete,
                   database_.Transact({.read_only = true}, [&](pg::Transaction& tx) {
                     return CompletedForms(tx, forms);
                   }));
  ASSIGN_OR_RETURN(const std::vector<SealedTaxForm> sealed, SealForms(complete));
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const std::int64_t fresh = InsertTaxForms(tx, payer_, sealed, recorded);
    if (fresh != static_cast<std::int64_t>(sealed.size())) {
      RETURN_IF_ERROR(CheckRepeated(tx, sealed));
    }
    std::map<PayeeId, Date> newest;
    for (const CertifiedTaxpayer& form : LoadTaxForms(tx, Pluck(complete, &TaxForm::payee))) {
      newest[form.payee] = form.certified_on;  // ordered by date: the last one stays
    }
    for (std::size_t i = 0; i < complete.size(); ++i) {
      // Only what a form itself says can differ from what is enrolled.
      if (forms[i].tin.Reveal().empty()) continue;
      if (newest.at(complete[i].payee) != complete[i].certified_on) continue;
      SetEnrolledTin(tx, complete[i].payee, complete[i].tin, recorded);
    }
    return OkStatus();
  });
}

StatusOr<std::vector<SealedTaxForm>> TaxService::SealForms(std::span<const TaxForm> forms) {
  ASSIGN_OR_RETURN(const DataKey seal,
                   EnsureDataKey(database_, payer_, DataKeyPurpose::kSeal, keys_, clock_, ids_));
  ASSIGN_OR_RETURN(
      const DataKey index,
      EnsureDataKey(database_, payer_, DataKeyPurpose::kBlindIndex, keys_, clock_, ids_));
  std::vector<SealedTaxForm> sealed;
  sealed.reserve(forms.size());
  for (const TaxForm& form : forms) {
    const std::string& tin = form.tin.Reveal();
    // Another beginning than that of bank accounts, which never start with a letter.
    const SecretString indexed("tin:" + tin);
    sealed.push_back(
        {.taxpayer = {.payee = form.payee,
                      .certified_on = form.certified_on,
                      .tin_kind = form.tin_kind.value(),
                      .tin_last4 = tin.substr(tin.size() - 4),
                      .blind_index = HmacSha256(index.key.Reveal(), AsBytes(indexed.Reveal())),
                      .legal_name = form.legal_name,
                      .business_name = form.business_name,
                      .classification = form.classification,
                      .exempt_code = form.exempt_code},
         .tin = SealBytes(seal, tin, TinAad(payer_, form.payee, form.certified_on))});
  }
  return sealed;
}

Status TaxService::StartBackup(PayeeId payee, BackupReason reason, Date from,
                               const std::string& note, Actor actor) {
  if (note.empty()) {
    return InvalidArgument("say which notice begins the backup withholding of payee {}", payee);
  }
  const Recorded recorded{actor.user, clock_.Now()};
  const BackupRow row{.id = ids_.NextValue(),
                      .payee = payee,
                      .reason = reason,
                      .note = note,
                      .effective_from = from};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    if (LoadPayees(tx, std::span(&payee, 1)).empty()) {
      return NotFound("there is no payee {}", payee);
    }
    return InsertBackup(tx, payer_, row, recorded);
  });
}

Status TaxService::EndBackup(PayeeId payee, Date from, const std::string& note, Actor actor) {
  if (note.empty()) {
    return InvalidArgument("say why the backup withholding of payee {} ends", payee);
  }
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto open = LockOpenBackup(tx, payer_, payee);
    if (!open) return NotFound("payee {} is not subject to backup withholding", payee);
    if (open->started_by == actor.user) {
      return PermissionDenied("{} began the backup withholding of payee {}: another person ends it",
                              actor.user, payee);
    }
    if (from < open->effective_from) {
      return InvalidArgument("the backup withholding of payee {} began on {} and cannot end on {}",
                             payee, FormatDate(open->effective_from), FormatDate(from));
    }
    if (open->reason == BackupReason::kFirstBNotice) {
      const auto forms = LoadTaxForms(tx, std::span(&payee, 1));
      const bool answered = std::ranges::any_of(forms, [&](const CertifiedTaxpayer& form) {
        return form.certified_on >= open->effective_from;
      });
      if (!answered) {
        return FailedPrecondition(
            "payee {} has certified nothing since the first B-notice of {}: record its new W-9 "
            "first",
            payee, FormatDate(open->effective_from));
      }
    }
    payments::EndBackup(tx, payer_, *open, from, note, recorded);
    return OkStatus();
  });
}

Status TaxService::SetBox(const ProgramTaxBox& box, Actor actor) {
  RETURN_IF_ERROR(CheckTaxBox(box.box));
  if (box.reason.empty()) return InvalidArgument("say why the program's payments go to that box");
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    if (InsertTaxBox(tx, box, recorded)) return OkStatus();
    return AlreadyExists("book {} has a box from {} on: a change begins on another day", box.book,
                         FormatDate(box.effective_from));
  });
}

StatusOr<std::int64_t> TaxService::CountUnmatched() {
  ASSIGN_OR_RETURN(const std::vector<TaxStanding> standings, Standings());
  return std::ranges::count_if(
      standings, [](const TaxStanding& standing) { return UnmatchedForm(standing) != nullptr; });
}

StatusOr<SecretString> TaxService::AskTinMatches(const pg::Database& files) {
  ASSIGN_OR_RETURN(const std::vector<TaxStanding> standings, Standings());
  std::map<std::pair<PayeeId, Date>, const CertifiedTaxpayer*> open;
  std::vector<PayeeId> payees;
  for (const TaxStanding& standing : standings) {
    const CertifiedTaxpayer* const form = UnmatchedForm(standing);
    if (form == nullptr) continue;
    open.emplace(std::pair{form->payee, form->certified_on}, form);
    payees.push_back(form->payee);
  }
  const pg::Database scoped = files.ForPayer(payer_);
  ASSIGN_OR_RETURN(const auto keys, UnwrapDataKeys(scoped, payer_, keys_));
  ASSIGN_OR_RETURN(const std::vector<SealedTin> sealed,
                   scoped.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<SealedTin>> {
                     return LoadSealedTins(tx, payees);
                   }));
  std::vector<TinMatchRequest> requests;
  for (const SealedTin& row : sealed) {
    const auto form = open.find({row.payee, row.certified_on});
    if (form == open.end()) continue;
    ASSIGN_OR_RETURN(std::string tin,
                     OpenBytes(keys, row.sealed, TinAad(payer_, row.payee, row.certified_on),
                               fmt::format("the W-9 of payee {}", row.payee)));
    requests.push_back({.payee = row.payee,
                        .certified_on = row.certified_on,
                        .kind = form->second->tin_kind,
                        .tin = SecretString(std::move(tin)),
                        .name = form->second->legal_name});
  }
  return WriteTinMatchRequest(requests);
}

StatusOr<std::int64_t> TaxService::RecordTinMatches(std::string_view answer, Date checked_on,
                                                    Actor actor) {
  ASSIGN_OR_RETURN(const std::vector<TinMatchAnswer> answers, ReadTinMatchAnswer(answer));
  const Recorded recorded{actor.user, clock_.Now()};
  std::vector<TinMatchRow> rows;
  std::int64_t wrong = 0;
  for (const TinMatchAnswer& row : answers) {
    if (!IsMatch(row.code)) ++wrong;
    rows.push_back({row.payee, row.certified_on, checked_on, Stored(row.code)});
  }
  RETURN_IF_ERROR(database_.Transact([&](pg::Transaction& tx) -> Status {
    std::set<std::pair<PayeeId, Date>> known;
    for (const auto& form : LoadTaxForms(tx, Pluck(rows, &TinMatchRow::payee))) {
      known.emplace(form.payee, form.certified_on);
    }
    for (const TinMatchRow& row : rows) {
      if (known.contains({row.payee, row.certified_on})) continue;
      return NotFound("payee {} has no W-9 of {}: this answer is not to a question of ours",
                      row.payee, FormatDate(row.certified_on));
    }
    InsertTinMatches(tx, payer_, rows, recorded);
    return OkStatus();
  }));
  return wrong;
}

StatusOr<std::vector<TaxStanding>> TaxService::Standings() {
  return database_.Transact({.read_only = true},
                            [&](pg::Transaction& tx) -> StatusOr<std::vector<TaxStanding>> {
                              std::map<PayeeId, TinMatchRow> matches;
                              for (const TinMatchRow& row : LoadTinMatches(tx, payer_))
                                matches.emplace(row.payee, row);
                              std::map<PayeeId, BackupRow> backups;
                              for (BackupRow& row : LoadBackups(tx, payer_)) {
                                if (!row.ended_from) backups.emplace(row.payee, std::move(row));
                              }
                              std::vector<TaxStanding> standings;
                              for (auto& [id, payee] : LoadTaxPayees(tx, payer_, {})) {
                                TaxStanding standing{.payee = std::move(payee)};
                                if (const auto at = matches.find(id); at != matches.end())
                                  standing.match = at->second;
                                if (const auto at = backups.find(id); at != backups.end())
                                  standing.backup = at->second;
                                if (standing.payee.forms.empty() && !standing.backup) continue;
                                standings.push_back(std::move(standing));
                              }
                              return standings;
                            });
}

StatusOr<std::vector<TaxTotal>> TaxService::Year(int year) {
  return database_.Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<std::vector<TaxTotal>> {
        const auto payments = LoadTaxablePayments(
            tx, DateRange::Between(MakeDate(year, 1, 1), MakeDate(year + 1, 1, 1)), {});
        std::set<PayeeId> paid;
        for (const TaxablePayment& payment : payments) paid.insert(payment.payee);
        std::map<PayeeId, TaxPayee> payees;
        if (!paid.empty()) {
          payees = LoadTaxPayees(tx, payer_, std::vector<PayeeId>(paid.begin(), paid.end()));
        }
        return SumTaxYear(year, payments, payees, LoadTaxBoxes(tx), LoadTaxParameters(tx));
      });
}

StatusOr<std::map<std::string, SecretString>> TaxService::Tins(const pg::Database& files,
                                                               std::span<const TaxTotal> totals) {
  const pg::Database scoped = files.ForPayer(payer_);
  ASSIGN_OR_RETURN(const auto keys, UnwrapDataKeys(scoped, payer_, keys_));
  struct Loaded {
    std::vector<SealedTin> sealed;
    std::map<PayeeId, Payee> payees;
  };
  const auto ids = Pluck(totals, &TaxTotal::payee);
  ASSIGN_OR_RETURN(const Loaded stored,
                   scoped.Transact([&](pg::Transaction& tx) -> StatusOr<Loaded> {
                     Loaded rows{.sealed = LoadSealedTins(tx, ids), .payees = {}};
                     for (Payee& payee : LoadPayees(tx, ids)) {
                       rows.payees.emplace(payee.id, std::move(payee));
                     }
                     return rows;
                   }));
  std::map<std::string, SecretString> tins;
  for (const TaxTotal& total : totals) {
    const auto row = std::ranges::find_if(stored.sealed, [&](const SealedTin& tin) {
      return tin.payee == total.payee && tin.certified_on == total.certified_on;
    });
    if (row == stored.sealed.end()) {
      tins.insert_or_assign(total.taxpayer, SecretString(stored.payees.at(total.payee).tin));
      continue;
    }
    ASSIGN_OR_RETURN(std::string tin,
                     OpenBytes(keys, row->sealed, TinAad(payer_, row->payee, row->certified_on),
                               fmt::format("the W-9 of payee {}", row->payee)));
    tins.insert_or_assign(total.taxpayer, SecretString(std::move(tin)));
  }
  return tins;
}

}  // namespace sluice::payments
