// Rows of notices, offset plans, terms of late interest and the interest that was made. No rules.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/payee_store.h"
#include "payments/recoup/late_interest.h"
#include "payments/recoup/offset_plan.h"

namespace sluice::payments {

// What a run made a payee owe, and whether the payee knows.
struct RecoupNotice {
  RunId run;
  PayeeId payee;
  Money amount;
  std::optional<Date> noticed_on;
  std::optional<Date> offset_from;
  std::string how;  // "remittance advice", or what a person recorded
};
void InsertRecoupNotices(pg::Transaction& tx, BookId book, std::span<const RecoupNotice> notices,
                         const Recorded& recorded);
// By payee and run.
std::vector<RecoupNotice> LoadRecoupNotices(pg::Transaction& tx, BookId book,
                                            std::span<const PayeeId> payees);
// All of the book for which nothing may be taken on the day, or of which nobody was told.
std::vector<RecoupNotice> LoadNoticesNotDue(pg::Transaction& tx, BookId book, Date on);
// False when there is no such notice, or the payee was told before.
bool SetNoticed(pg::Transaction& tx, BookId book, const RecoupNotice& notice, UserId by);
// The payees were not told of what the run made them owe after all.
void UnsetNoticed(pg::Transaction& tx, BookId book, RunId run, std::span<const PayeeId> payees);
// What nothing may be taken for on the day, by payee.
std::map<PayeeId, Money> LoadNotDue(pg::Transaction& tx, BookId book,
                                    std::span<const PayeeId> payees, Date on);

void InsertOffsetPlan(pg::Transaction& tx, BookId book, const OffsetPlan& plan, Instant at);
// The newest that began by the day, by payee.
std::map<PayeeId, OffsetPlan> LoadOffsetPlans(pg::Transaction& tx, BookId book,
                                              std::span<const PayeeId> payees, Date on);
std::vector<OffsetPlan> LoadPlanHistory(pg::Transaction& tx, BookId book, PayeeId payee);
// What other runs of the cycle take from the payees.
std::map<PayeeId, Money> LoadTakenInCycle(pg::Transaction& tx, const Run& run,
                                          std::span<const PayeeId> payees);

void InsertLateInterestTerms(pg::Transaction& tx, BookId book, const LateInterestTerms& terms,
                             Instant at);
// By contract; each by version.
std::map<ContractId, std::vector<LateInterestTerms>> LoadLateInterestTerms(
    pg::Transaction& tx, BookId book, std::span<const ContractId> contracts);

// The interest that a line pays for another one's being late.
struct LateInterestRow {
  ObligationId line;
  ObligationId of;
  Date due_on{};
  Date paid_on{};
  std::int32_t days_late = 0;
  Money base;
  Money owed;  // in all; the line pays what earlier ones left of it
  std::int32_t terms_version = 1;
};
void InsertLateInterest(pg::Transaction& tx, BookId book, std::span<const LateInterestRow> rows,
                        Instant at);
// What lines that stand were made for each of these, by the late one.
std::map<ObligationId, Money> LoadInterestMade(pg::Transaction& tx, BookId book,
                                               std::span<const ObligationId> lines);
// Those of the lines that a released run held because nobody was enrolled for them.
std::vector<ObligationId> LoadOnceWithoutPayee(pg::Transaction& tx, BookId book,
                                               std::span<const ObligationId> lines);

}  // namespace sluice::payments
