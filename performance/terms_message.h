// Terms to and from their protobuf message, field by field. Internal to performance/terms_codec:
// the only place, with that file, where domain code sees protobuf.
#pragma once

#include "core/status.h"
#include "performance/terms.h"
#include "sluice/performance/v1/terms.pb.h"

namespace sluice::performance {

namespace proto = ::sluice::performance::v1;

void WriteSplit(const Split& split, proto::Split& out);
StatusOr<Split> ReadSplit(const proto::Split& message);
void WriteActivity(const ActivitySum& activity, proto::ActivitySum& out);
StatusOr<ActivitySum> ReadActivity(const proto::ActivitySum& message);
void WriteMemberMonthSum(const MemberMonthSum& basis, proto::MemberMonthSum& out);
StatusOr<MemberMonthSum> ReadMemberMonthSum(const proto::MemberMonthSum& message);
void WriteAdjustment(const Adjustment& adjustment, proto::Adjustment& out);
StatusOr<Adjustment> ReadAdjustment(const proto::Adjustment& message);
void WriteEpisodes(const EpisodeSum& episodes, proto::EpisodeSum& out);
StatusOr<EpisodeSum> ReadEpisodes(const proto::EpisodeSum& message);

proto::Terms ToMessage(const Terms& terms);
// InvalidArgument when a oneof is not set, a ratio, date, enum value or code is not known.
StatusOr<Terms> FromMessage(const proto::Terms& message);

proto::Operations ToMessage(const Operations& operations);
StatusOr<Operations> FromMessage(const proto::Operations& message);

}  // namespace sluice::performance
