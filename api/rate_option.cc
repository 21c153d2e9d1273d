#include "api/rate_option.h"

#include <cstdint>

namespace sluice::api {

StatusOr<Rate> ParseShare(std::string_view option, const std::string& text) {
  const auto share = Ratio::Parse(text);
  if (!share.ok()) return Annotate(share.status(), std::string(option));
  const Ratio millionths = *share * Ratio(1'000'000);
  if (millionths.Denominator() != 1 || millionths.Sign() < 0 || *share > Ratio(1)) {
    return InvalidArgument("{} is from 0% to 100% with up to four decimals, not {}", option, text);
  }
  return Rate::FromMillionths(millionths.Numerator().get_si());
}

std::string ShareText(Rate share) {
  constexpr std::int64_t kOnePercent = 10'000;
  std::string text =
      fmt::format("{}.{:04}", share.Millionths() / kOnePercent, share.Millionths() % kOnePercent);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text + "%";
}

}  // namespace sluice::api
