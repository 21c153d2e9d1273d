#include "payments/tax/tin_match.h"

#include <array>
#include <utility>

#include "core/check.h"

namespace sluice::payments {
namespace {

constexpr std::size_t kMostRequests = 100'000;
constexpr std::size_t kMostNameCharacters = 40;
constexpr std::size_t kAnswerFields = 5;

constexpr std::array<std::string_view, kTinMatchCodes> kTexts = {
    "name and number fit",
    "the number is missing or not nine digits",
    "the number was never given out",
    "name and number do not fit",
    "the question was refused",
    "asked twice",
    "fits a social security number",
    "fits an employer number",
    "fits both kinds of number"};

// The file knows no semicolons in a name, and forty characters of it.
std::string NameField(const std::string& name) {
  std::string field;
  for (const char c : name) field += c == ';' ? ' ' : c;
  return field.substr(0, kMostNameCharacters);
}

std::vector<std::string_view> FieldsOf(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t end = line.find(';'); end != std::string_view::npos; end = line.find(';')) {
    fields.push_back(line.substr(0, end));
    line.remove_prefix(end + 1);
  }
  fields.push_back(line);
  return fields;
}

StatusOr<TinMatchAnswer> AnswerOf(std::string_view line) {
  const std::vector<std::string_view> fields = FieldsOf(line);
  if (fields.size() != kAnswerFields) {
    return InvalidArgument("has {} fields and an answer has {}", fields.size(), kAnswerFields);
  }
  const std::string_view account = fields[3];
  const std::size_t slash = account.find('/');
  if (slash == std::string_view::npos) return InvalidArgument("names no account of ours");
  ASSIGN_OR_RETURN(const PayeeId payee, PayeeId::Parse(account.substr(0, slash)));
  ASSIGN_OR_RETURN(const Date certified, ParseDate(account.substr(slash + 1)));
  const std::string_view code = fields[4];
  if (code.size() != 1 || code[0] < '0' || code[0] >= '0' + kTinMatchCodes) {
    return InvalidArgument("has a code '{}', not one of 0 to {}", code, kTinMatchCodes - 1);
  }
  return TinMatchAnswer{payee, certified, static_cast<TinMatchCode>(code[0] - '0')};
}

}  // namespace

std::string_view TinMatchText(TinMatchCode code) {
  const auto index = static_cast<std::size_t>(code);
  CHECK(index < kTexts.size());
  return kTexts[index];
}

bool IsMatch(TinMatchCode code) {
  return code == TinMatchCode::kMatch || code >= TinMatchCode::kMatchSsn;
}

StatusOr<SecretString> WriteTinMatchRequest(std::span<const TinMatchRequest> requests) {
  if (requests.size() > kMostRequests) {
    return InvalidArgument("{} taxpayers are more than the {} that can be asked at once",
                           requests.size(), kMostRequests);
  }
  std::string text;
  for (const TinMatchRequest& request : requests) {
    text += request.kind == TinKind::kEin ? "1;" : "2;";
    text += request.tin.Reveal();
    text += fmt::format(";{};{}/{}\n", NameField(request.name), request.payee,
                        FormatDate(request.certified_on));
  }
  return SecretString(std::move(text));
}

StatusOr<std::vector<TinMatchAnswer>> ReadTinMatchAnswer(std::string_view text) {
  std::vector<TinMatchAnswer> answers;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    auto answer = AnswerOf(line);
    if (!answer.ok()) return Annotate(answer.status(), fmt::format("line {}", number));
    answers.push_back(*answer);
  }
  return answers;
}

}  // namespace sluice::payments
