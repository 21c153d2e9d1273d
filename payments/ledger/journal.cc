#include "payments/ledger/journal.h"

#include <algorithm>
#include <array>

#include "core/check.h"
#include "payments/ledger/canonical_reader.h"

namespace sluice::payments {
namespace {

constexpr std::string_view kBodyTag = "sluice.journal.v1";

constexpr std::array<std::string_view, kEventCount> kEventNames = {
    "BANK_CREDIT",
    "BANK_DEBIT",
    "FUND_POOL",
    "POOL_INTEREST",
    "DEFUND_POOL",
    "BANK_FEE",
    "ACCRUE_AWARD",
    "APPROVE_HOLD",
    "RELEASE_HOLD",
    "DROP_HOLD",
    "RECOGNIZE",
    "ADVANCE",
    "WITHHOLD",
    "OFFSET",
    "TAX_WITHHOLD",
    "DISBURSE",
    "SETTLE",
    "SETTLE_NETTED",
    "BANK_REJECT",
    "VOID_DISBURSEMENT",
    "RETURN_NOTICE",
    "RETURN_CASH",
    "REISSUE",
    "RELEASE_WITHHOLD",
    "FORFEIT_WITHHOLD",
    "FORFEIT_TO_POOL",
    "RECOUP",
    "REFUND",
    "REFUND_BOUNCED",
    "WRITE_OFF",
    "VOID_OBLIGATION",
    "RESTATE_UNPAID",
    "RESTATE_WITHHOLD",
    "MISDIRECTED",
    "POOL_TRANSFER",
    "INTERBOOK_OUT",
    "INTERBOOK_IN",
    "INTERBOOK_CASH_OUT",
    "INTERBOOK_CASH_IN",
    "REMIT_TAX",
    "UNCLAIMED",
    "CLAIMED",
    "ESCHEAT",
    "CLOSE_YEAR",
    "SET_LIMIT",
};

// The differences of one part of a body, each under the part's name.
class Differences {
 public:
  explicit Differences(std::vector<std::string>& found) : found_(found) {}
  void Under(std::string prefix) { prefix_ = std::move(prefix); }

  void Compare(std::string_view field, const std::string& stored, const std::string& sent) {
    if (stored == sent) return;
    found_.push_back(fmt::format("{}{} stored {}, sent {}", prefix_, field, stored, sent));
  }
  void Compare(std::string_view field, std::int64_t stored, std::int64_t sent) {
    if (stored != sent) Compare(field, fmt::format("{}", stored), fmt::format("{}", sent));
  }

 private:
  std::vector<std::string>& found_;
  std::string prefix_;
};

std::string UuidText(const std::optional<Uuid>& id) { return id ? FormatUuid(*id) : "none"; }
std::string HoldText(const std::optional<HoldRef>& hold) {
  return hold ? fmt::format("{} line {}", FormatUuid(hold->journal_id), hold->line) : "none";
}
std::string InstantText(const std::optional<Instant>& at) { return at ? at->ToString() : "none"; }

void CompareTransfers(const Transfer& stored, const Transfer& sent, Differences& differences) {
  differences.Compare("kind", std::string(TransferKindName(stored.kind)),
                      std::string(TransferKindName(sent.kind)));
  differences.Compare("event", std::string(EventName(stored.event)),
                      std::string(EventName(sent.event)));
  differences.Compare("debit", stored.debit.ToString(), sent.debit.ToString());
  differences.Compare("credit", stored.credit.ToString(), sent.credit.ToString());
  differences.Compare("amount_cents", stored.amount.Cents(), sent.amount.Cents());
  differences.Compare("expires_at", InstantText(stored.expires_at), InstantText(sent.expires_at));
  differences.Compare("hold", HoldText(stored.hold), HoldText(sent.hold));
}

void EncodeAccount(const AccountKey& key, CanonicalWriter& out) {
  out.U32(static_cast<std::uint32_t>(key.account_class)).Text(key.owner_key);
}

AccountKey DecodeAccount(CanonicalReader& in) {
  AccountKey key;
  key.account_class = static_cast<AccountClass>(in.U32());
  key.owner_key = in.Text();
  return key;
}

Uuid ToUuid(ByteView bytes) {
  Uuid id{};
  if (bytes.size() == id.size()) std::copy(bytes.begin(), bytes.end(), id.begin());
  return id;
}

void EncodeTransfer(const Transfer& transfer, CanonicalWriter& out) {
  out.U8(static_cast<std::uint8_t>(transfer.kind)).U32(static_cast<std::uint32_t>(transfer.event));
  EncodeAccount(transfer.debit, out);
  EncodeAccount(transfer.credit, out);
  out.Amount(transfer.amount);
  out.OptionalI64(transfer.expires_at ? std::optional(transfer.expires_at->Micros())
                                      : std::nullopt);
  out.U8(transfer.hold ? 1 : 0);
  if (transfer.hold) {
    out.Raw(transfer.hold->journal_id).U32(static_cast<std::uint32_t>(transfer.hold->line));
  }
}

Transfer DecodeTransfer(CanonicalReader& in) {
  Transfer transfer;
  transfer.kind = static_cast<TransferKind>(in.U8());
  transfer.event = static_cast<Event>(in.U32());
  transfer.debit = DecodeAccount(in);
  transfer.credit = DecodeAccount(in);
  transfer.amount = in.Amount();
  if (const auto expires = in.OptionalI64()) transfer.expires_at = Instant::FromMicros(*expires);
  if (in.U8() != 0) {
    HoldRef hold;
    hold.journal_id = ToUuid(in.Raw());
    hold.line = static_cast<std::int32_t>(in.U32());
    transfer.hold = hold;
  }
  return transfer;
}

}  // namespace

std::string_view EventName(Event event) {
  CHECK(IsKnown(event));
  return kEventNames[static_cast<std::size_t>(event) - 1];
}

bool IsKnown(Event event) {
  const int number = static_cast<int>(event);
  return number >= 1 && number <= kEventCount;
}

std::string_view TransferKindName(TransferKind kind) {
  switch (kind) {
    case TransferKind::kPosted:
      return "POSTED";
    case TransferKind::kPending:
      return "PENDING";
    case TransferKind::kPostPending:
      return "POST";
    case TransferKind::kVoidPending:
      return "VOID";
    case TransferKind::kExpirePending:
      return "EXPIRE";
  }
  return "UNKNOWN";
}

Bytes EncodeBody(const Journal& journal) {
  CanonicalWriter out(kBodyTag);
  out.U32(static_cast<std::uint32_t>(journal.event))
      .I64(journal.source_id)
      .I64(journal.actor.Value())
      .U8(journal.corrects ? 1 : 0);
  if (journal.corrects) out.Raw(*journal.corrects);
  out.Day(journal.effective_date).U32(static_cast<std::uint32_t>(journal.transfers.size()));
  for (const Transfer& transfer : journal.transfers) EncodeTransfer(transfer, out);
  out.U8(journal.limit ? 1 : 0);
  if (journal.limit) {
    EncodeAccount(journal.limit->account, out);
    out.Amount(journal.limit->overdraft);
  }
  return out.Data();
}

StatusOr<Journal> DecodeBody(const Uuid& id, ByteView body) {
  CanonicalReader in(body);
  const std::string tag = in.Text();
  Journal journal;
  journal.id = id;
  journal.event = static_cast<Event>(in.U32());
  journal.source_id = in.I64();
  journal.actor = UserId(in.I64());
  if (in.U8() != 0) journal.corrects = ToUuid(in.Raw());
  journal.effective_date = in.Day();
  const std::uint32_t count = in.U32();
  for (std::uint32_t i = 0; i < count && !in.Failed(); ++i) {
    journal.transfers.push_back(DecodeTransfer(in));
  }
  if (in.U8() != 0) {
    LimitChange limit;
    limit.account = DecodeAccount(in);
    limit.overdraft = in.Amount();
    journal.limit = limit;
  }
  if (tag != kBodyTag || !in.AtEnd()) {
    return DataLoss("the stored body of journal {} cannot be read: run `sluice ledger verify`",
                    FormatUuid(id));
  }
  return journal;
}

std::vector<std::string> DifferingFields(const Journal& stored, const Journal& sent) {
  std::vector<std::string> found;
  Differences differences(found);
  differences.Compare("event", static_cast<std::int64_t>(stored.event),
                      static_cast<std::int64_t>(sent.event));
  differences.Compare("source_id", stored.source_id, sent.source_id);
  differences.Compare("actor", stored.actor.ToString(), sent.actor.ToString());
  differences.Compare("corrects", UuidText(stored.corrects), UuidText(sent.corrects));
  differences.Compare("effective_date", FormatDate(stored.effective_date),
                      FormatDate(sent.effective_date));
  differences.Compare("lines", static_cast<std::int64_t>(stored.transfers.size()),
                      static_cast<std::int64_t>(sent.transfers.size()));
  const std::size_t lines = std::min(stored.transfers.size(), sent.transfers.size());
  for (std::size_t i = 0; i < lines; ++i) {
    differences.Under(fmt::format("line {}: ", i + 1));
    CompareTransfers(stored.transfers[i], sent.transfers[i], differences);
  }
  differences.Under("limit: ");
  const auto limit_account = [](const Journal& journal) {
    return journal.limit ? journal.limit->account.ToString() : std::string("none");
  };
  differences.Compare("account", limit_account(stored), limit_account(sent));
  differences.Compare("overdraft_cents", stored.limit ? stored.limit->overdraft.Cents() : 0,
                      sent.limit ? sent.limit->overdraft.Cents() : 0);
  return found;
}

}  // namespace sluice::payments
