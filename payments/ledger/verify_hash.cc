#include "payments/ledger/verify_hash.h"

namespace sluice::payments::audit {
namespace {

std::uint32_t U(std::int32_t value) { return static_cast<std::uint32_t>(value); }

void AppendAccount(const AccountRow* account, CanonicalWriter& out) {
  if (account == nullptr) return;
  out.U32(U(account->account_class)).Text(account->owner_key);
}

}  // namespace

Digest BodyHash(const BatchContent& content) {
  CanonicalWriter out("sluice.batch.v1");
  out.U32(static_cast<std::uint32_t>(content.opened.size()));
  for (const AccountRow* account : content.opened) {
    out.I64(account->account_id).U32(U(account->account_class)).Text(account->owner_key);
  }
  out.U32(static_cast<std::uint32_t>(content.journals.size()));
  for (const JournalRow* j : content.journals) {
    out.Raw(j->journal_id).U32(U(j->ordinal)).U32(U(j->event)).I64(j->source_id).I64(j->actor_id);
    out.U8(j->corrects ? 1 : 0);
    if (j->corrects) out.Raw(*j->corrects);
    out.Day(j->effective_date).Raw(j->body_hash).U32(U(j->outcome));
    out.U32(U(j->first_position)).U32(U(j->line_count)).U8(j->refused_body ? 1 : 0);
    if (j->refused_body) out.Raw(*j->refused_body);
  }
  out.U32(static_cast<std::uint32_t>(content.transfers.size()));
  std::uint32_t resolutions = 0;
  for (const TransferRow* t : content.transfers) {
    out.U32(U(t->position)).U32(U(t->journal_ordinal)).U32(U(t->kind)).U32(U(t->event));
    out.I64(t->debit).I64(t->credit).I64(t->amount).Day(t->effective_date);
    out.OptionalI64(t->expires_at_us);
    out.I64(t->pending_batch_seq.value_or(0)).U32(U(t->pending_position.value_or(0)));
    if (t->pending_batch_seq) ++resolutions;
  }
  out.U32(static_cast<std::uint32_t>(content.limits.size()));
  for (const LimitRow* l : content.limits) {
    out.U32(U(l->ordinal)).I64(l->account_id).I64(l->overdraft);
  }
  out.U32(resolutions);
  for (const TransferRow* t : content.transfers) {
    if (!t->pending_batch_seq) continue;
    out.U32(U(t->position)).I64(*t->pending_batch_seq).U32(U(t->pending_position.value_or(0)));
    out.U32(U(t->resolution_outcome.value_or(0))).I64(t->resolution_posted.value_or(-1));
  }
  return out.Hash();
}

Digest SealHash(BookId book, const BatchRow& batch) {
  CanonicalWriter out("sluice.seal");
  out.U8(static_cast<std::uint8_t>(batch.hash_version)).I64(book.Value()).I64(batch.batch_seq);
  out.Raw(batch.prev_hash).Raw(batch.body_hash).I64(batch.sealed_at_us);
  out.U32(U(batch.journal_count)).U32(U(batch.transfer_count));
  return out.Hash();
}

Digest RefusedRequest(const Bytes& refused) {
  std::size_t at = 0;
  ByteView part;
  for (int field = 0; field < 2; ++field) {
    if (refused.size() < at + 4) return Digest{};
    std::size_t length = 0;
    for (int i = 0; i < 4; ++i) length = length << 8 | refused[at++];
    if (refused.size() - at < length) return Digest{};
    part = ByteView(refused).subspan(at, length);
    at += length;
  }
  return Sha256(part);
}

Digest AcceptedRequest(const BatchContent& content, const JournalRow& journal,
                       const LimitRow* limit, const RequestContext& context) {
  CanonicalWriter out("sluice.journal.v1");
  out.U32(U(journal.event)).I64(journal.source_id).I64(journal.actor_id);
  out.U8(journal.corrects ? 1 : 0);
  if (journal.corrects) out.Raw(*journal.corrects);
  out.Day(journal.effective_date).U32(U(journal.line_count));
  for (std::int32_t line = 0; line < journal.line_count; ++line) {
    const auto index = static_cast<std::size_t>(journal.first_position - 1 + line);
    if (index >= content.transfers.size()) return Digest{};
    const TransferRow& t = *content.transfers[index];
    out.U8(static_cast<std::uint8_t>(t.kind)).U32(U(t.event));
    AppendAccount(context.account(t.debit), out);
    AppendAccount(context.account(t.credit), out);
    out.I64(t.amount).OptionalI64(t.expires_at_us);
    const bool names_hold = t.pending_batch_seq.has_value();
    out.U8(names_hold ? 1 : 0);
    if (!names_hold) continue;
    const SeenHold* hold = context.hold(*t.pending_batch_seq, t.pending_position.value_or(0));
    if (hold == nullptr) return Digest{};
    out.Raw(hold->journal_id).U32(U(hold->line));
  }
  out.U8(limit != nullptr ? 1 : 0);
  if (limit != nullptr) {
    AppendAccount(context.account(limit->account_id), out);
    out.I64(limit->overdraft);
  }
  return out.Hash();
}

}  // namespace sluice::payments::audit
