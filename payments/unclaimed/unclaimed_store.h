// Rows of dormancy rules, of money that nobody took, and of what was done about it. No rules.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/pg/database.h"
#include "payments/disbursement.h"
#include "payments/obligation.h"
#include "payments/payee_store.h"
#include "payments/unclaimed/dormancy.h"

namespace sluice::payments {

// The number that were new; one of the same state and day replaces nothing.
std::int64_t InsertDormancyRules(pg::Transaction& tx, PayerId payer,
                                 std::span<const DormancyRule> rules, const Recorded& recorded);
// By state and date.
std::vector<DormancyRule> LoadDormancyRules(pg::Transaction& tx, PayerId payer);

// A payment that did not arrive, whose money waits for its payee: the last attempt.
struct UntakenPayment {
  DisbursementId payment;
  std::string key;
  PayeeId payee;
  bool check = false;
  Money amount;
  Date paid_on{};  // of this attempt
  Date since{};    // of the first
};
// By payee and payment.
std::vector<UntakenPayment> LoadUntakenPayments(pg::Transaction& tx, BookId book);
// The obligations of these payments that wait, by id.
std::vector<ObligationId> LoadUntakenObligations(pg::Transaction& tx, BookId book,
                                                 std::span<const DisbursementId> payments);
// Those of a payee that are set aside, by id.
std::vector<ObligationId> LoadUnclaimedObligations(pg::Transaction& tx, BookId book, PayeeId payee);
// A run that is under way and has one of these obligations.
std::optional<RunId> FindRunOf(pg::Transaction& tx, BookId book,
                               std::span<const ObligationId> obligations);

// The numbers are stored.
enum class UnclaimedEventKind : std::int16_t {
  kLetter = 1,    // the owner was written to
  kHeardOf = 2,   // the owner wrote or called
  kSetAside = 3,  // UNCLAIMED: the money waits for the state
  kClaimed = 4,   // the owner claimed it after all
};
struct UnclaimedEvent {
  PayeeId payee;
  std::int32_t seq_no = 1;
  UnclaimedEventKind kind{};
  Date on{};
  std::string state;  // kSetAside and kClaimed
  Money amount;       // kSetAside and kClaimed
  std::string note;
  std::optional<UserId> second;    // kSetAside and kClaimed
  std::optional<Uuid> journal_id;  // kSetAside and kClaimed
};
void InsertUnclaimedEvent(pg::Transaction& tx, BookId book, const UnclaimedEvent& event,
                          const Recorded& recorded);
// Of each payee, in their order.
std::map<PayeeId, std::vector<UnclaimedEvent>> LoadUnclaimedEvents(pg::Transaction& tx,
                                                                   BookId book);

}  // namespace sluice::payments
