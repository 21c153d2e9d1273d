#include "payments/inbound/change_notice.h"

#include <algorithm>
#include <utility>

#include "core/calendar.h"
#include "core/check.h"
#include "payments/inbound/return_store.h"

namespace sluice::payments {
namespace {

constexpr int kBankingDaysToApply = 6;

// 2 checking, 3 savings (FORMATS 2).
AccountKind KindOfCode(const std::string& code, AccountKind otherwise) {
  if (code.empty()) return otherwise;
  return code[0] == '3' ? AccountKind::kSavings : AccountKind::kChecking;
}

bool IsUnderWay(BankAccountState state) {
  return state == BankAccountState::kSubmitted || state == BankAccountState::kValidating ||
         state == BankAccountState::kApproved || state == BankAccountState::kActive;
}

}  // namespace

ChangeNotices::ChangeNotices(const pg::Database& app, const pg::Database& files, PayerId payer,
                             const KeyProvider& keys, Clock& clock, IdGenerator& ids)
    : app_(app.ForPayer(payer)),
      files_(files.ForPayer(payer)),
      payer_(payer),
      keys_(keys),
      clock_(clock),
      ids_(ids),
      payees_(app, payer, keys, clock, ids) {}

StatusOr<ItemMove> ChangeNotices::Apply(const ReceivedChange& change, Date today, Actor actor) {
  const InboundItemRow& item = change.item;
  const ChangeCodeRule* rule = FindChangeCode(item.code);
  ItemMove move{.file = item.file,
                .item_no = item.item_no,
                .to = ItemState::kWorkItem,
                .target_book = change.book,
                .target_id = change.payment.id.Value(),
                .due_on = AddBankingDays(BankingDayOnOrAfter(change.received_at.UtcDate()),
                                         kBankingDaysToApply)};
  AccountChangeNotice notice{.home = change.home,
                             .file = item.file,
                             .item_no = item.item_no,
                             .payee = change.payment.payee,
                             .account = change.payment.account,
                             .account_version = change.payment.account_version,
                             .code = item.code,
                             .due_on = *move.due_on};
  ASSIGN_OR_RETURN(const std::optional<BankAccount> current, Current(change));
  if (rule == nullptr) {
    notice.note = "not a code of the table: a person reads the notice";
  } else if (!current) {
    move.to = ItemState::kNoted;
    notice.note = "the account is no longer in use: nothing to correct";
  } else if (rule->work_item) {
    if (rule->stop) RETURN_IF_ERROR(StopAccount(*current, today, actor));
    notice.note = fmt::format("{}{}: a person reads the notice", rule->meaning,
                              rule->stop ? "; the account is stopped" : "");
  } else if (const auto data = ReadCorrectedData(*rule, change.columns.Reveal()); !data.ok()) {
    notice.note = StatusMessage(data.status()) + ": a person reads the notice";
  } else {
    auto proposed = Propose(change, *data, today, actor, notice.note);
    if (!proposed.ok()) {
      // What the vault refuses is bad corrected data (C65), not a failure of ours.
      if (proposed.status().code() != absl::StatusCode::kInvalidArgument) return proposed.status();
      notice.note = StatusMessage(proposed.status()) + ": a person reads the notice";
    } else {
      notice.proposed_version = *proposed;
      move.to = notice.proposed_version ? ItemState::kApplied : ItemState::kNoted;
      if (!data->deviation.empty()) notice.note += "; " + data->deviation;
    }
  }
  move.reason = fmt::format("{}{}{}: {}", item.code, rule == nullptr ? "" : " ",
                            rule == nullptr ? "" : rule->meaning, notice.note);
  const Recorded recorded{actor.user, clock_.Now()};
  RETURN_IF_ERROR(app_.Transact([&](pg::Transaction& tx) -> Status {
    InsertAccountChangeNotice(tx, payer_, notice, recorded);
    return OkStatus();
  }));
  return move;
}

StatusOr<std::optional<BankAccount>> ChangeNotices::Current(const ReceivedChange& change) {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::optional<BankAccount>> {
    const std::vector<PayeeId> payees{change.payment.payee};
    for (const BankAccount& account : LoadBankAccountsOfPayees(tx, payer_, payees)) {
      const bool paid =
          account.id == change.payment.account && account.version == change.payment.account_version;
      if (paid && (account.state == BankAccountState::kActive ||
                   account.state == BankAccountState::kSuspended)) {
        return account;
      }
    }
    return std::nullopt;
  });
}

Status ChangeNotices::StopAccount(const BankAccount& account, Date today, Actor actor) {
  if (account.state != BankAccountState::kActive) return OkStatus();
  const AccountVersion version{account.id, account.version};
  return payees_.ChangeBankAccounts(
      std::span(&version, 1),
      {.command = BankAccountCommand::kSuspend, .reason = "notice of change C14", .today = today},
      actor);
}

StatusOr<std::optional<std::int32_t>> ChangeNotices::Propose(const ReceivedChange& change,
                                                             const CorrectedData& data, Date today,
                                                             Actor actor, std::string& note) {
  const AccountVersion paid{change.payment.account, change.payment.account_version};
  ASSIGN_OR_RETURN(auto keys, UnwrapDataKeys(files_, payer_, keys_));
  ASSIGN_OR_RETURN(const VaultRow vault,
                   files_.Transact([&](pg::Transaction& tx) -> StatusOr<VaultRow> {
                     auto rows = LoadSealedAccounts(tx, payer_, std::span(&paid, 1));
                     if (rows.size() != 1) {
                       return DataLoss("bank account {} version {} is not in the vault",
                                       paid.account, paid.version);
                     }
                     return std::move(rows.front());
                   }));
  ASSIGN_OR_RETURN(
      const BankAccountDetails old,
      AccountOpener(std::move(keys))
          .Open({payer_, change.payment.payee, paid.account, paid.version}, vault.sealed));
  BankAccountRequest request{.payee = change.payment.payee,
                             .account = paid.account,
                             .details = old,
                             .ownership = vault.ownership,
                             .kind = KindOfCode(data.transaction_code, vault.kind),
                             .effective_from = today,
                             .from_bank = true};
  if (!data.routing_number.empty()) request.details.routing_number = data.routing_number;
  if (!data.account_number.Reveal().empty()) {
    request.details.account_number = AccountNumber(data.account_number.Reveal());
  }
  RETURN_IF_ERROR(CheckBankAccountDetails(request.details));

  ASSIGN_OR_RETURN(DataKey seal,
                   EnsureDataKey(app_, payer_, DataKeyPurpose::kSeal, keys_, clock_, ids_));
  ASSIGN_OR_RETURN(DataKey index,
                   EnsureDataKey(app_, payer_, DataKeyPurpose::kBlindIndex, keys_, clock_, ids_));
  const AccountSealer sealer(std::move(seal), std::move(index));
  const Digest blind = sealer.BlindIndex(request.details);
  if (blind == sealer.BlindIndex(old) && request.kind == vault.kind) {
    note = "the account has these data already";
    return std::optional<std::int32_t>();
  }
  // The same proposal twice is one: of an earlier notice, of an interrupted run, or of the payee.
  ASSIGN_OR_RETURN(
      const auto known,
      app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::optional<std::int32_t>> {
        const auto same = FindAccountsByBlindIndex(tx, payer_, request.payee, blind);
        const std::vector<BankAccountId> ids{paid.account};
        for (const BankAccount& account : LockBankAccounts(tx, payer_, ids)) {
          const bool found = std::ranges::any_of(same, [&](const AccountVersion& version) {
            return version.account == account.id && version.version == account.version;
          });
          if (found && account.version > paid.version && account.kind == request.kind &&
              IsUnderWay(account.state)) {
            return account.version;
          }
        }
        return std::nullopt;
      }));
  if (known) {
    note = fmt::format("version {} of the account is proposed already", *known);
    return known;
  }
  ASSIGN_OR_RETURN(const auto stored, payees_.SubmitBankAccounts(std::span(&request, 1), actor));
  note = fmt::format("version {} of the account is proposed: validate and approve it",
                     stored.front().version);
  return std::optional(stored.front().version);
}

}  // namespace sluice::payments
