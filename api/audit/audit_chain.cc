#include "api/audit/audit_chain.h"

#include <fmt/format.h>

namespace sluice::api {

namespace {

constexpr std::size_t kMostFindings = 100;

void WriteDigest(CanonicalWriter& writer, const std::optional<Digest>& digest) {
  writer.U8(digest ? 1 : 0);
  if (digest) writer.Raw(*digest);
}

void WriteUser(CanonicalWriter& writer, const std::optional<UserId>& user) {
  writer.OptionalI64(user ? std::optional(user->Value()) : std::nullopt);
}

Digest ChainOf(PayerId payer, const AuditSeal& seal) {
  CanonicalWriter writer("sluice.audit.seal.v1");
  writer.I64(payer.Value()).I64(seal.number).I64(seal.event_id);
  writer.Raw(seal.event_sha256).Raw(seal.previous);
  return writer.Hash();
}

}  // namespace

Digest HashOf(const AuditEvent& event) {
  CanonicalWriter writer("sluice.audit.event.v1");
  writer.I64(event.payer.Value()).I64(event.event_id).At(event.recorded_at);
  WriteUser(writer, event.actor);
  WriteUser(writer, event.in_place_of);
  WriteDigest(writer, event.session);
  writer.Text(event.method).Text(event.resource);
  writer.U8(static_cast<std::uint8_t>(event.decision)).Text(event.reason);
  WriteDigest(writer, event.before);
  WriteDigest(writer, event.after);
  writer.Text(event.request_id).Text(event.address);
  return writer.Hash();
}

AuditSeal SealAfter(const std::optional<AuditSeal>& last, const AuditEvent& event) {
  AuditSeal seal{.number = last ? last->number + 1 : 1,
                 .event_id = event.event_id,
                 .event_sha256 = HashOf(event),
                 .previous = last ? last->chain : Digest{},
                 .chain = {}};
  seal.chain = ChainOf(event.payer, seal);
  return seal;
}

void AuditChainReader::Take(const AuditSeal& seal, const AuditEvent& event) {
  const auto add = [&](std::string_view what) {
    if (findings_.size() < kMostFindings) {
      findings_.push_back(fmt::format("seal {}: {}", seal.number, what));
    }
  };
  const std::int64_t expected = last_ ? last_->number + 1 : 1;
  if (seal.number != expected) add(fmt::format("follows where {} is expected", expected));
  if (seal.previous != (last_ ? last_->chain : Digest{})) add("is not chained to the seal before");
  if (event.payer != payer_) add("its event is of another payer");
  if (seal.event_id != event.event_id) add("is of another event");
  if (seal.event_sha256 != HashOf(event)) add("its event was changed");
  if (seal.chain != ChainOf(payer_, seal)) add("its own hash does not hold");
  last_ = seal;
  ++count_;
}

}  // namespace sluice::api
