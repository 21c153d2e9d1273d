// The names of the answers, and what they tell people.
#include "payments/ledger/posting.h"

namespace sluice::payments {
namespace {

std::string DescribeState(const Refusal& refusal, const Journal& journal) {
  using enum PostStatus;
  switch (refusal.status) {
    case kCorrectedUnknown:
      return fmt::format("it corrects journal {}, which was never accepted in this book",
                         FormatUuid(*journal.corrects));
    case kAlreadyCorrected:
      return fmt::format("journal {} was already corrected by another journal",
                         FormatUuid(*journal.corrects));
    case kPeriodClosed:
      return fmt::format("the period of {} is closed; use an effective date in an open period",
                         FormatDate(journal.effective_date));
    case kHoldNotFound:
      return "the hold it names does not exist in this book";
    case kHoldAccountsDiffer:
      return "its accounts are not those of the hold it names";
    case kHoldAmountExceeded:
      return "its amount does not fit the hold it names: at most the hold's amount may be posted, "
             "and exactly it is voided or expired";
    case kHoldAlreadyResolved:
      return "the hold it names was resolved before; a hold is resolved once";
    case kHoldExpired:
      return "the hold it names has expired and can only be expired; make a new hold";
    case kHoldNotExpired:
      return "the hold it names has not expired yet; void it instead";
    default:
      return fmt::format("{} is short by {}: its limit counts what is held",
                         refusal.account.ToString(), refusal.short_by.ToString());
  }
}

std::string_view DescribeMalformed(PostStatus status) {
  using enum PostStatus;
  switch (status) {
    case kIdMissing:
      return "a journal needs an id made by its caller";
    case kActorMissing:
      return "a journal names the person or service that caused it";
    case kEventUnknown:
      return "the event is not in the posting table";
    case kNothingToPost:
      return "a journal has transfers, or is SET_LIMIT and has a limit, and never both";
    case kTooManyTransfers:
      return "a journal has at most 8,000 transfers; split it";
    case kTransferKindUnknown:
      return "the transfer kind is unknown";
    case kAccountClassUnknown:
      return "the account class is not in the chart of accounts";
    case kOwnerKeyInvalid:
      return "an owner key is 1 to 80 printable ASCII characters without blanks";
    case kSameAccountTwice:
      return "debit and credit are the same account";
    case kAmountNotPositive:
      return "an amount is at least one cent; swap the accounts for the other direction";
    case kAmountTooLarge:
      return "an amount is at most 10,000,000,000,000.00";
    case kExpiryNotAllowed:
      return "only a hold has an expiry";
    case kHoldMissing:
      return "a line that resolves a hold names it";
    case kHoldNotAllowed:
      return "only a line that resolves a hold names one";
    case kLineNotOfEvent:
      return "its accounts are not a line of its event in the posting table";
    case kHalvesUnbalanced:
      return "the lines move value between cash coverage and funding; each event posts both halves";
    case kLimitNotAllowed:
      return "an overdraft is not negative and belongs to an account class with a limit";
    default:
      return "the id was used before for another body; send the first body, or use a new id";
  }
}

}  // namespace

std::string_view PostStatusName(PostStatus status) {
  using enum PostStatus;
  switch (status) {
    case kAccepted:
      return "ACCEPTED";
    case kIdMissing:
      return "ID_MISSING";
    case kActorMissing:
      return "ACTOR_MISSING";
    case kEventUnknown:
      return "EVENT_UNKNOWN";
    case kNothingToPost:
      return "NOTHING_TO_POST";
    case kTooManyTransfers:
      return "TOO_MANY_TRANSFERS";
    case kTransferKindUnknown:
      return "TRANSFER_KIND_UNKNOWN";
    case kAccountClassUnknown:
      return "ACCOUNT_CLASS_UNKNOWN";
    case kOwnerKeyInvalid:
      return "OWNER_KEY_INVALID";
    case kSameAccountTwice:
      return "SAME_ACCOUNT_TWICE";
    case kAmountNotPositive:
      return "AMOUNT_NOT_POSITIVE";
    case kAmountTooLarge:
      return "AMOUNT_TOO_LARGE";
    case kExpiryNotAllowed:
      return "EXPIRY_NOT_ALLOWED";
    case kHoldMissing:
      return "HOLD_MISSING";
    case kHoldNotAllowed:
      return "HOLD_NOT_ALLOWED";
    case kLineNotOfEvent:
      return "LINE_NOT_OF_EVENT";
    case kHalvesUnbalanced:
      return "HALVES_UNBALANCED";
    case kLimitNotAllowed:
      return "LIMIT_NOT_ALLOWED";
    case kIdReused:
      return "ID_REUSED";
    case kCorrectedUnknown:
      return "CORRECTED_UNKNOWN";
    case kAlreadyCorrected:
      return "ALREADY_CORRECTED";
    case kPeriodClosed:
      return "PERIOD_CLOSED";
    case kHoldNotFound:
      return "HOLD_NOT_FOUND";
    case kHoldAccountsDiffer:
      return "HOLD_ACCOUNTS_DIFFER";
    case kHoldAmountExceeded:
      return "HOLD_AMOUNT_EXCEEDED";
    case kHoldAlreadyResolved:
      return "HOLD_ALREADY_RESOLVED";
    case kHoldExpired:
      return "HOLD_EXPIRED";
    case kHoldNotExpired:
      return "HOLD_NOT_EXPIRED";
    case kExceedsCredits:
      return "EXCEEDS_CREDITS";
    case kExceedsDebits:
      return "EXCEEDS_DEBITS";
  }
  return "UNKNOWN";
}

bool IsMalformed(PostStatus status) {
  return status > PostStatus::kAccepted && status < PostStatus::kIdReused;
}

bool IsStateDependent(PostStatus status) { return status >= PostStatus::kCorrectedUnknown; }

std::string Describe(const Refusal& refusal, const Journal& journal) {
  std::string where;
  if (refusal.line > 0) where = fmt::format(" line {}", refusal.line);
  if (!IsStateDependent(refusal.status)) {
    return fmt::format("journal {}{}: {}", FormatUuid(journal.id), where,
                       DescribeMalformed(refusal.status));
  }
  return fmt::format(
      "journal {}{}: {}. This id stays refused; after the cause is gone, post under "
      "a new id",
      FormatUuid(journal.id), where, DescribeState(refusal, journal));
}

}  // namespace sluice::payments
