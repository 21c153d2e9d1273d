// Money that nobody took: how old it is by the rules of states, who is written to, what is set
// aside for a state, and what is claimed after all.
//
//   1. It is what payments left behind that did not arrive (stale or void checks, returns) and that
//      no later payment has taken up. While a run holds it, it is not touched.
//   2. Two people set money aside (UNCLAIMED), only when it is dormant by a rule; two give it back
//      (CLAIMED): the next run then pays it.
//   3. Not here: the payment to the state (ESCHEAT) and its form of report. The list is what a
//      report is made of.
// Source: PRODUCT R06; LEDGER_RELIABILITY_SECURITY 2.4, 6.1.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/ledger/ledger.h"
#include "payments/payee.h"
#include "payments/unclaimed/unclaimed_store.h"

namespace sluice::payments {

struct UntakenOfPayee {
  Payee payee;
  std::vector<UntakenPayment> payments;
  Money amount;
  DormancyClock clock;
  std::vector<UnclaimedEvent> events;
};

// "payee_id,owner,street,city,state,zip,amount,payments,since,stage,dormant_on,report_by,source".
std::string WriteUnclaimedCsv(std::span<const UntakenOfPayee> list);

// What waits in a book, by payee.
std::vector<UntakenOfPayee> LoadUntaken(pg::Transaction& tx, PayerId payer, BookId book,
                                        Date today);
// What is set aside of what was, by state.
std::map<std::string, Money> SetAsideOf(const std::vector<UnclaimedEvent>& events);

class UnclaimedService {
 public:
  UnclaimedService(const pg::Database& app, PayerId payer, BookId book, Clock& clock)
      : app_(app.ForPayer(payer)), payer_(payer), book_(book), clock_(clock), ledger_(clock) {}

  // The number of rules that were new.
  StatusOr<std::int64_t> LoadRules(std::span<const DormancyRule> rules, Actor actor);
  StatusOr<std::vector<DormancyRule>> Rules();

  // By payee.
  StatusOr<std::vector<UntakenOfPayee>> List(Date today);

  // A letter was written, or the owner was heard of. NotFound when nothing waits for the payee.
  Status Note(PayeeId payee, UnclaimedEventKind kind, Date on, const std::string& note,
              Actor actor);

  struct Request {
    PayeeId payee;
    std::string note;
    Date today{};
    Actor first, second;
  };
  // FailedPrecondition when it is not dormant, or a run holds it.
  StatusOr<Money> SetAside(const Request& request);
  // FailedPrecondition when nothing of the payee is set aside.
  StatusOr<Money> Claim(const Request& request);

 private:
  pg::Database app_;
  PayerId payer_;
  BookId book_;
  Clock& clock_;
  Ledger ledger_;
};

}  // namespace sluice::payments
