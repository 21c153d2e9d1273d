#include "payments/inbound/staging.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/crypto.h"
#include "payments/inbound/bai2_reader.h"
#include "payments/inbound/return_codes.h"
#include "payments/inbound/x12_acknowledgment.h"

namespace sluice::payments {
namespace {

std::string FirstFileFault(const std::vector<InboundFault>& faults) {
  for (const InboundFault& fault : faults) {
    if (fault.scope == FaultScope::kFile) return fault.message;
  }
  return {};
}

void StageAch(std::string_view name, std::string_view bytes, StagedFile& staged) {
  bool empty = true;
  for (AchInboundFile& file : ReadInboundAch(name, bytes)) {
    empty = empty && file.empty;
    for (AchItem& item : file.items) {
      InboundItemRow row{
          .kind = static_cast<ItemKind>(item.kind),
          .record_no = static_cast<std::int64_t>(item.record),
          .code = item.code,
          .amount = item.amount,
          .debit = item.debit,
          .original_trace = item.original_trace,
          .original_rdfi = item.original_rdfi,
          .company_id = item.company_id,
          .reference = item.identification,
          .other_reference = item.disputed_trace.empty() ? item.entry_trace : item.disputed_trace,
          .information = item.information,
          .occurred_on = item.death};
      if (!item.IsUsable()) {
        row.state = ItemState::kQuarantined;
        row.reason = item.stop_reason;
      } else if (item.kind == AchItemKind::kForward) {
        row.state = ItemState::kWorkItem;
        row.reason = "an entry that is no return: a person finds out what it is";
      } else if (item.kind == AchItemKind::kChangeRefused) {
        const ChangeCodeRule* rule = FindChangeCode(item.code);
        row.state = ItemState::kWorkItem;
        row.reason = fmt::format("{}: our refusal of a change came back",
                                 rule == nullptr ? "" : rule->meaning);
      }
      staged.items.push_back(std::move(row));
    }
    std::ranges::move(file.faults, std::back_inserter(staged.faults));
  }
  if (empty) {
    staged.state = InboundState::kEmpty;
    staged.reason = "the bank has nothing for us";
  }
}

std::string BalanceText(const Bai2Account& account) {
  std::string text;
  const auto add = [&](const char* what, const char* code) {
    const auto amount = account.Find(code);
    if (!amount) return;
    if (!text.empty()) text += "; ";
    text += fmt::format("{} {}", what, *amount);
  };
  add("opening", "010");
  add("closing", "015");
  add("available", "045");
  return text;
}

class Bai2Stager {
 public:
  Bai2Stager(const AccountIndex& index, StagedFile& staged) : index_(index), staged_(staged) {}

  void Stage(const Bai2File& file) {
    const std::string stopped = FirstFileFault(file.faults);
    for (const Bai2Group& group : file.groups) {
      for (const Bai2Account& account : group.accounts) {
        ItemState state = ItemState::kStaged;
        std::string reason;
        if (!stopped.empty() || !account.stop_reason.empty()) {
          state = ItemState::kQuarantined;
          reason = stopped.empty() ? account.stop_reason : stopped;
        } else if (!group.IsBooked()) {
          state = ItemState::kNoted;
          reason = "not the booked lines of a past day: shown only";
        } else if (account.currency != "USD") {
          state = ItemState::kWorkItem;
          reason = fmt::format("an account in {}: we keep books in USD", account.currency);
        }
        Account(group, account, state, reason);
      }
    }
  }

 private:
  InboundItemRow Row(const Bai2Group& group, const Bai2Account& account, ItemKind kind) const {
    return {.kind = kind,
            .record_no = static_cast<std::int64_t>(account.record),
            .occurred_on = group.as_of,
            .account_blind = index_(PlainAccountNumber(account.number.Reveal())),
            .account_last4 = std::string(account.number.LastFour())};
  }

  void Account(const Bai2Group& group, const Bai2Account& account, ItemState state,
               const std::string& reason) {
    InboundItemRow statement = Row(group, account, ItemKind::kStatement);
    statement.code = "015";
    statement.amount = account.Find("015").value_or(Money{});
    statement.information = BalanceText(account);
    statement.state = state;
    statement.reason = reason;
    staged_.items.push_back(std::move(statement));
    for (const char* code : {"010", "015", "045"}) {
      const auto amount = account.Find(code);
      if (!amount) continue;
      InboundItemRow balance = Row(group, account, ItemKind::kBalance);
      balance.code = code;
      balance.amount = *amount;
      balance.state = state;
      balance.reason = reason;
      staged_.items.push_back(std::move(balance));
    }
    for (const Bai2Line& line : account.lines) {
      InboundItemRow row = Row(group, account, ItemKind::kBankLine);
      row.record_no = static_cast<std::int64_t>(line.record);
      row.code = line.type_code;
      row.amount = line.amount;
      row.debit = line.direction == BankDirection::kDebit;
      row.reference = Reference(line.bank_reference);
      row.other_reference = Reference(line.customer_reference);
      row.information = MaskDigits(line.text);
      row.state = state;
      row.reason = reason;
      if (state == ItemState::kStaged && line.direction == BankDirection::kNone) {
        row.state = ItemState::kWorkItem;
        row.reason = fmt::format("type code {} is neither a credit nor a debit", line.type_code);
      } else if (state == ItemState::kStaged && line.amount.IsZero()) {
        row.state = ItemState::kNoted;
        row.reason = "a line of zero";
      }
      staged_.items.push_back(std::move(row));
    }
  }

  // References are what lines are matched by, and no account numbers: they are kept as they are.
  static std::string Reference(const std::string& reference) {
    std::string text;
    for (const char c : reference.substr(0, 80)) text += c >= ' ' && c <= '~' ? c : '?';
    return text;
  }

  const AccountIndex& index_;
  StagedFile& staged_;
};

void StageAnswers(const AckDocument& answer, StagedFile& staged) {
  const std::string stopped =
      WorstOf(answer.faults) >= FaultScope::kRecord ? "the answer has faults" : "";
  const auto add = [&](InboundItemRow row) {
    if (!stopped.empty()) {
      row.state = ItemState::kQuarantined;
      row.reason = stopped;
    }
    staged.items.push_back(std::move(row));
  };
  for (const AckInterchange& row : answer.interchanges) {
    add({.kind = ItemKind::kInterchangeAnswer,
         .record_no = static_cast<std::int64_t>(row.record),
         .code = std::to_string(static_cast<int>(row.verdict)),
         .reference = row.control_number,
         .other_reference = answer.control_number,
         .information = fmt::format("{}, note {}", AckVerdictName(row.verdict), row.note)});
  }
  for (const AckGroup& group : answer.groups) {
    std::string text =
        fmt::format("{}: {} included, {} received, {} accepted", AckVerdictName(group.verdict),
                    group.included, group.received, group.accepted);
    for (const AckTransaction& row : group.transactions) {
      if (row.verdict == AckVerdict::kAccepted) continue;
      text += fmt::format("; {} {} {}", row.kind, row.control_number, AckVerdictName(row.verdict));
      for (const AckNote& note : row.notes) text += ", " + note.ToString();
    }
    add({.kind = ItemKind::kGroupAnswer,
         .record_no = static_cast<std::int64_t>(group.record),
         .code = std::to_string(static_cast<int>(group.verdict)),
         .reference = group.control_number,
         .other_reference = answer.control_number,
         .information = text.substr(0, 2'000)});
  }
}

void NumberItems(InboundFileId id, StagedFile& staged) {
  std::map<Digest, std::int32_t> seen;
  std::int32_t number = 0;
  for (InboundItemRow& item : staged.items) {
    item.file = id;
    item.item_no = ++number;
    const std::int32_t occurrence = ++seen[ItemKeyOf(item, 0)];
    item.key = ItemKeyOf(item, occurrence);
  }
}

}  // namespace

Digest DepositAccountIndex(const DataKey& index_key, std::string_view plain_number) {
  const Bytes message = CanonicalWriter("sluice.deposit_account.v1").Text(plain_number).Data();
  return HmacSha256(index_key.key.Reveal(), message);
}

std::string PlainAccountNumber(std::string_view number) {
  std::string plain;
  for (const char c : number) {
    if (c == ' ' || c == '-' || (plain.empty() && c == '0')) continue;
    plain += c;
  }
  return plain;
}

StagedFile StageBytes(InboundFileId id, std::string_view name, std::string_view bytes,
                      const AccountIndex& index) {
  StagedFile staged{.kind = KindOf(bytes)};
  switch (staged.kind) {
    case InboundKind::kAch:
      StageAch(name, bytes, staged);
      break;
    case InboundKind::kBai2: {
      Bai2File file = ReadBai2(bytes);
      Bai2Stager(index, staged).Stage(file);
      staged.faults = std::move(file.faults);
      break;
    }
    case InboundKind::kX12: {
      AckDocument answer = ReadAcknowledgments(name, bytes);
      StageAnswers(answer, staged);
      staged.faults = std::move(answer.faults);
      break;
    }
    case InboundKind::kTextReport:
      staged.state = InboundState::kForPeople;
      staged.reason = "a report for people: read it, nothing is posted from it";
      break;
    case InboundKind::kUnknown:
      staged.faults.push_back({.scope = FaultScope::kFile,
                               .code = "unknown_kind",
                               .rule = "a file is ACH, BAI2, X12 or a report",
                               .message = "the first bytes are those of none of them",
                               .advice = "find out what the bank sent; it is kept"});
      break;
  }
  NumberItems(id, staged);
  const bool usable = std::ranges::any_of(staged.items, [](const InboundItemRow& item) {
    return item.state != ItemState::kQuarantined;
  });
  if (staged.state == InboundState::kStaged && !usable &&
      WorstOf(staged.faults) > FaultScope::kDeviation) {
    staged.state = InboundState::kQuarantined;
    staged.reason = FirstFileFault(staged.faults);
    if (staged.reason.empty()) staged.reason = "every entry of it is stopped by a fault";
  }
  return staged;
}

}  // namespace sluice::payments
