#include "payments/ledger/chain.h"

#include <algorithm>
#include <sstream>

#include "core/check.h"
#include "payments/ledger/canonical_reader.h"

namespace sluice::payments {
namespace {

constexpr std::string_view kSealTag = "sluice.seal";
constexpr std::string_view kBatchTag = "sluice.batch.v1";
constexpr std::string_view kRefusedTag = "sluice.refused.v1";
constexpr std::string_view kHeadWord = "sluice-head";

std::uint32_t Unsigned(std::int32_t value) { return static_cast<std::uint32_t>(value); }

void AppendJournal(const PostedJournal& posted, const Journal& journal, const Digest& body_hash,
                   CanonicalWriter& out) {
  out.Raw(journal.id)
      .U32(Unsigned(posted.ordinal))
      .U32(static_cast<std::uint32_t>(journal.event))
      .I64(journal.source_id)
      .I64(journal.actor.Value())
      .U8(journal.corrects ? 1 : 0);
  if (journal.corrects) out.Raw(*journal.corrects);
  out.Day(journal.effective_date)
      .Raw(body_hash)
      .U32(static_cast<std::uint32_t>(posted.refusal.status))
      .U32(Unsigned(posted.first_position))
      .U32(Unsigned(posted.line_count));
  const bool refused = posted.refusal.status != PostStatus::kAccepted;
  out.U8(refused ? 1 : 0);
  if (refused) out.Raw(EncodeRefused(journal, posted.refusal));
}

void AppendTransfer(const PostedTransfer& transfer, CanonicalWriter& out) {
  out.U32(Unsigned(transfer.position))
      .U32(Unsigned(transfer.journal_ordinal))
      .U32(static_cast<std::uint32_t>(transfer.kind))
      .U32(static_cast<std::uint32_t>(transfer.event))
      .I64(transfer.debit_account_id)
      .I64(transfer.credit_account_id)
      .Amount(transfer.amount)
      .Day(transfer.effective_date)
      .OptionalI64(transfer.expires_at ? std::optional(transfer.expires_at->Micros())
                                       : std::nullopt)
      .I64(transfer.pending_batch_seq)
      .U32(Unsigned(transfer.pending_position));
}

}  // namespace

Digest HashOfSeal(const BatchSeal& seal) {
  CanonicalWriter out(kSealTag);
  out.U8(static_cast<std::uint8_t>(kChainVersion))
      .I64(seal.book.Value())
      .I64(seal.batch_seq)
      .Raw(seal.prev_hash)
      .Raw(seal.body_hash)
      .At(seal.sealed_at)
      .U32(Unsigned(seal.journal_count))
      .U32(Unsigned(seal.transfer_count));
  return out.Hash();
}

Digest HashOfBody(const PostedBatch& batch, std::span<const Journal> journals,
                  std::span<const Digest> body_hashes) {
  CHECK(batch.journals.size() == journals.size() && journals.size() == body_hashes.size());
  CanonicalWriter out(kBatchTag);
  out.U32(static_cast<std::uint32_t>(batch.opened.size()));
  for (const OpenedAccount& account : batch.opened) {
    out.I64(account.account_id)
        .U32(static_cast<std::uint32_t>(account.key.account_class))
        .Text(account.key.owner_key);
  }
  out.U32(static_cast<std::uint32_t>(journals.size()));
  for (std::size_t i = 0; i < journals.size(); ++i) {
    AppendJournal(batch.journals[i], journals[i], body_hashes[i], out);
  }
  out.U32(static_cast<std::uint32_t>(batch.transfers.size()));
  for (const PostedTransfer& transfer : batch.transfers) AppendTransfer(transfer, out);
  out.U32(static_cast<std::uint32_t>(batch.limits.size()));
  for (const PostedLimit& limit : batch.limits) {
    out.U32(Unsigned(limit.ordinal)).I64(limit.account_id).Amount(limit.overdraft);
  }
  out.U32(static_cast<std::uint32_t>(batch.resolutions.size()));
  for (const PostedResolution& resolution : batch.resolutions) {
    out.U32(Unsigned(resolution.position))
        .I64(resolution.pending_batch_seq)
        .U32(Unsigned(resolution.pending_position))
        .U32(static_cast<std::uint32_t>(resolution.outcome))
        .Amount(resolution.posted);
  }
  return out.Hash();
}

Bytes EncodeRefused(const Journal& journal, const Refusal& refusal) {
  CanonicalWriter out(kRefusedTag);
  out.Raw(EncodeBody(journal))
      .U32(static_cast<std::uint32_t>(refusal.status))
      .U32(Unsigned(refusal.line))
      .U32(static_cast<std::uint32_t>(refusal.account.account_class))
      .Text(refusal.account.owner_key)
      .Amount(refusal.short_by);
  return out.Data();
}

StatusOr<RefusedJournal> DecodeRefused(const Uuid& id, ByteView bytes) {
  CanonicalReader in(bytes);
  const std::string tag = in.Text();
  const ByteView body = in.Raw();
  RefusedJournal refused;
  refused.refusal.status = static_cast<PostStatus>(in.U32());
  refused.refusal.line = static_cast<std::int32_t>(in.U32());
  refused.refusal.account.account_class = static_cast<AccountClass>(in.U32());
  refused.refusal.account.owner_key = in.Text();
  refused.refusal.short_by = in.Amount();
  if (tag != kRefusedTag || !in.AtEnd()) {
    return DataLoss("the stored refusal of journal {} cannot be read: run `sluice ledger verify`",
                    FormatUuid(id));
  }
  ASSIGN_OR_RETURN(refused.journal, DecodeBody(id, body));
  return refused;
}

std::string ExportHead(const ChainHead& head) {
  return fmt::format("{} v{} {} {} {} {}", kHeadWord, kChainVersion, head.book.ToString(),
                     head.batch_seq, head.sealed_at.ToString(), ToHex(head.hash));
}

StatusOr<ChainHead> ParseHead(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::string word;
  std::string version;
  std::string book;
  std::string sealed;
  std::string hash;
  std::string rest;
  ChainHead head;
  if (!(in >> word >> version >> book >> head.batch_seq >> sealed >> hash) || (in >> rest)) {
    return InvalidArgument(
        "a ledger head is one line of six words: sluice-head v1 BOOK BATCH TIME HASH");
  }
  if (word != kHeadWord || version != fmt::format("v{}", kChainVersion)) {
    return InvalidArgument("'{} {}' is not a ledger head of version {}", word, version,
                           kChainVersion);
  }
  ASSIGN_OR_RETURN(head.book, BookId::Parse(book));
  ASSIGN_OR_RETURN(head.sealed_at, Instant::Parse(sealed));
  ASSIGN_OR_RETURN(const Bytes bytes, FromHex(hash));
  if (bytes.size() != head.hash.size()) {
    return InvalidArgument("the hash of a ledger head has 64 hex digits, not {}", hash.size());
  }
  std::ranges::copy(bytes, head.hash.begin());
  return head;
}

}  // namespace sluice::payments
