#include "payments/ledger/verify_runs.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "payments/ledger/account.h"
#include "payments/ledger/verify_runs_store.h"

namespace sluice::payments {
namespace {

using audit::RunLineRow;
using audit::RunPayeeRow;
using audit::RunRow;

// Numbers as they are stored (run_state.h, run_plan.h, disbursement.h, journal.h, account.h): the
// auditor knows them on its own.
constexpr std::int16_t kReleased = 7;
constexpr std::int16_t kPostsRecognize = 1;
constexpr std::int16_t kPostsReleaseWithhold = 2;
constexpr std::int16_t kPostsRecoup = 3;
constexpr std::int16_t kPaymentPlanned = 0;
constexpr std::int16_t kPaymentVoided = 7;
constexpr std::int16_t kRecognize = 11;
constexpr std::int16_t kWithhold = 13;
constexpr std::int16_t kOffset = 14;
constexpr std::int16_t kTaxWithhold = 15;
constexpr std::int16_t kDisburse = 16;
constexpr std::int16_t kReleaseWithhold = 24;
constexpr std::int16_t kRecoup = 27;
constexpr std::int16_t kRestateWithhold = 33;
constexpr std::int16_t kObligationClass = 7;
constexpr std::int16_t kPayableClass = 8;
constexpr std::int16_t kReserveClass = 9;
constexpr std::int16_t kReceivableClass = 11;

std::string Cents(std::int64_t cents) { return Money::FromCents(cents).ToString(); }

// Cents by run, event and class of the debited account.
using EventSums = std::map<std::tuple<std::int64_t, std::int16_t, std::int16_t>, std::int64_t>;

class RunAudit {
 public:
  RunAudit(pg::Transaction& tx, BookId book, const RunRow& run, const EventSums& sums)
      : tx_(tx),
        book_(book),
        run_(run),
        sums_(sums),
        lines_(audit::RunLines(tx, book, run)),
        payees_(audit::RunPayees(tx, book, run)) {}

  // What is wrong with the approvals, or empty.
  std::string CheckApprovals() {
    if (!run_.submitted_by || !run_.digest) return "its revision was never submitted";
    if (ContentDigest() != *run_.digest) {
      return "its content is not what was approved: the digest differs";
    }
    int valid = 0;
    for (const audit::RunVoteRow& vote : audit::RunVotes(tx_, book_, run_)) {
      const std::string who = UserId(vote.approver_id).ToString();
      if (vote.digest != *run_.digest) return who + " approved another digest";
      if (vote.approver_id == *run_.submitted_by) return who + " submitted it and approved it";
      if (vote.submitted_by != *run_.submitted_by) {
        return who + " approved what another person had submitted";
      }
      if (vote.edited) return who + " edited it and approved it";
      ++valid;  // the rows' key makes them different people
    }
    const int needed = std::max<int>(2, run_.required_approvals);
    if (valid >= needed) return {};
    return fmt::format("{} people approved it and {} are needed", valid, needed);
  }

  // Where the money of a released run differs between two places, or empty.
  std::string CheckTieOut() {
    for (const auto check : {&RunAudit::CheckFunds, &RunAudit::CheckPayments,
                             &RunAudit::CheckJournals, &RunAudit::CheckFiles}) {
      if (std::string wrong = (this->*check)(); !wrong.empty()) return wrong;
    }
    return {};
  }

 private:
  static std::string Differ(std::string_view what, std::int64_t is, std::string_view other,
                            std::int64_t should) {
    if (is == should) return {};
    return fmt::format("{} is {}, {} is {}", what, Cents(is), other, Cents(should));
  }

  // The canonical form of what approvers sign; run_digest.h says what is in it.
  Digest ContentDigest() {
    const bool with_routes = std::ranges::any_of(payees_, [](const RunPayeeRow& payee) {
      return payee.method != 0 || payee.delivery != 0 || payee.preference_id != 0;
    });
    const bool with_tax =
        with_routes ||
        std::ranges::any_of(payees_, [](const RunPayeeRow& payee) { return payee.tax != 0; });
    CanonicalWriter out(with_routes ? "sluice.run.v3"
                        : with_tax  ? "sluice.run.v2"
                                    : "sluice.run.v1");
    out.I64(book_.Value()).I64(run_.run_id).I64(run_.revision).I64(run_.pool_id);
    out.Day(run_.business_date).Day(run_.effective_date);
    const auto awards = audit::RunAwards(tx_, book_, run_);
    out.I64(static_cast<std::int64_t>(awards.size()));
    for (const audit::RunAwardRow& award : awards) {
      out.I64(award.award_id).I64(award.award_version).Raw(award.award_hash);
    }
    std::int64_t paid = 0;
    std::int64_t held = 0;
    out.I64(static_cast<std::int64_t>(lines_.size()));
    for (const RunLineRow& line : lines_) {
      out.I64(line.obligation_id).I64(line.payee_id.value_or(0));
      out.U8(static_cast<std::uint8_t>(line.posting)).I64(line.amount).I64(line.withhold);
      out.U8(static_cast<std::uint8_t>(line.hold_reason));
      if (line.hold_reason != 0 && line.amount > 0) held += line.amount;
    }
    out.I64(static_cast<std::int64_t>(payees_.size()));
    for (const RunPayeeRow& p : payees_) {
      out.I64(p.payee_id).U8(static_cast<std::uint8_t>(p.rail)).I64(p.account_id);
      out.I64(p.account_version).I64(p.gross).I64(p.withhold).I64(p.carried).I64(p.recoup);
      out.I64(p.offset).I64(p.net).U8(static_cast<std::uint8_t>(p.hold_reason)).Text(p.hold_note);
      if (with_tax) out.I64(p.tax);
      if (with_routes) {
        out.U8(static_cast<std::uint8_t>(p.method)).U8(static_cast<std::uint8_t>(p.delivery));
        out.I64(p.preference_id);
      }
      (p.hold_reason == 0 ? paid : held) += p.net;
    }
    out.I64(SumOfLines(kPostsRecognize)).I64(paid).I64(held);
    return out.Hash();
  }

  std::int64_t SumOfLines(std::int16_t posting) const {
    std::int64_t sum = 0;
    for (const RunLineRow& line : lines_) {
      if (line.posting == posting) sum += line.amount;
    }
    return sum;
  }

  // The pool gave what was held for the run, and all of it went to payees.
  std::string CheckFunds() {
    if (auto wrong = Differ("what its lines recognize", SumOfLines(kPostsRecognize),
                            "the hold that was approved", run_.hold_cents);
        !wrong.empty()) {
      return wrong;
    }
    const audit::RunFundsRow funds = audit::RunFunds(tx_, book_, run_);
    if (auto wrong = Differ("what the pool gave", funds.credits_posted,
                            "the hold that was approved", run_.hold_cents);
        !wrong.empty()) {
      return wrong;
    }
    return Differ("what payees got of its funds", funds.debits_posted, "what the pool gave",
                  funds.credits_posted);
  }

  // Each payment is what its payee was approved for, in its bank file and on its remittances.
  std::string CheckPayments() {
    std::map<std::int64_t, const RunPayeeRow*> approved;
    for (const RunPayeeRow& payee : payees_) approved[payee.payee_id] = &payee;
    for (const audit::RunPaymentRow& payment : audit::RunPayments(tx_, book_, run_)) {
      const std::string name = fmt::format("payment {}", payment.disbursement_id);
      const auto payee = approved.find(payment.payee_id);
      if (payee == approved.end()) return name + " is to a payee who is not in the run";
      if (!paid_.insert(payment.payee_id).second) return name + " is a second one to its payee";
      if (auto wrong = Differ(name, payment.amount, "the approved net", payee->second->net);
          !wrong.empty()) {
        return wrong;
      }
      if (payment.state == kPaymentPlanned) return name + " was never posted";
      offset_ += payee->second->offset;
      tax_ += payee->second->tax;
      posted_ += payment.amount;
      if (payment.remittances_off > 0) return name + " is another amount on its remittance";
      if (payment.remittances == 0) return name + " has no remittance";
      if (!payment.file_id) continue;
      in_file_[*payment.file_id].posted += payment.amount;
      if (payment.state == kPaymentVoided && !payment.entry_amount) continue;
      if (!payment.entry_amount) return name + " is not in its file";
      if (auto wrong = Differ(name, payment.amount, "its entry", *payment.entry_amount);
          !wrong.empty()) {
        return wrong;
      }
      in_file_[*payment.file_id].entries += *payment.entry_amount;
    }
    return {};
  }

  // The journals of the run posted what its lines, payees and payments say. Requires CheckPayments.
  std::string CheckJournals() {
    std::int64_t withheld = 0;
    std::int64_t given_back = 0;
    for (const RunLineRow& line : lines_) {
      if (line.posting == kPostsRecognize) withheld += line.withhold;
      if (line.posting == kPostsRecoup) given_back -= line.withhold;
    }
    std::int64_t recoup = 0;
    for (const RunPayeeRow& payee : payees_) recoup += payee.recoup;
    struct Tie {
      const char* name;
      std::int16_t event;
      std::int16_t debit_class;
      std::int64_t expected;
    };
    const Tie ties[] = {
        {"RECOGNIZE", kRecognize, kObligationClass, SumOfLines(kPostsRecognize)},
        {"WITHHOLD", kWithhold, kPayableClass, withheld},
        {"RELEASE_WITHHOLD", kReleaseWithhold, kReserveClass, SumOfLines(kPostsReleaseWithhold)},
        {"RESTATE_WITHHOLD", kRestateWithhold, kReserveClass, given_back},
        {"RECOUP", kRecoup, kReceivableClass, recoup},
        {"OFFSET", kOffset, kPayableClass, offset_},
        {"TAX_WITHHOLD", kTaxWithhold, kPayableClass, tax_},
        {"DISBURSE", kDisburse, kPayableClass, posted_},
    };
    for (const Tie& tie : ties) {
      const auto found = sums_.find({run_.run_id, tie.event, tie.debit_class});
      const std::int64_t is = found == sums_.end() ? 0 : found->second;
      if (is == tie.expected) continue;
      return fmt::format("{} in the ledger is {}, in the run {}", tie.name, Cents(is),
                         Cents(tie.expected));
    }
    return {};
  }

  // Each bank file: its payments, its account in the ledger and its bytes. Requires CheckPayments.
  std::string CheckFiles() {
    for (const audit::RunFileRow& file : audit::RunFiles(tx_, book_, run_)) {
      const InFile& sums = in_file_[file.file_id];
      if (auto wrong = Differ("in transit for file " + file.name, file.in_transit_credits,
                              "the sum of its payments", sums.posted);
          !wrong.empty()) {
        return wrong;
      }
      // A file whose payments were all voided has nothing to build.
      if (!file.content_total && sums.entries > 0) return "file " + file.name + " was never built";
      if (auto wrong = Differ("file " + file.name, file.content_total.value_or(0),
                              "the sum of its entries", sums.entries);
          !wrong.empty()) {
        return wrong;
      }
      in_file_.erase(file.file_id);
    }
    if (in_file_.empty()) return {};
    return "a payment names a file that is not one of the run's bank files";
  }

  struct InFile {
    std::int64_t posted = 0;
    std::int64_t entries = 0;
  };

  pg::Transaction& tx_;
  BookId book_;
  const RunRow& run_;
  const EventSums& sums_;
  std::vector<RunLineRow> lines_;
  std::vector<RunPayeeRow> payees_;
  std::set<std::int64_t> paid_;
  std::int64_t offset_ = 0;
  std::int64_t tax_ = 0;
  std::int64_t posted_ = 0;
  std::map<std::int64_t, InFile> in_file_;
};

}  // namespace

void AuditRuns(pg::Transaction& tx, BookId book, LedgerVerifyReport& report) {
  EventSums sums;
  for (const audit::RunEventSum& sum : audit::RunEventSums(tx, book)) {
    sums[{sum.run_id, sum.event, sum.debit_class}] = sum.amount;
  }
  std::set<LedgerFindingKind> found;
  for (const RunRow& run : audit::ApprovedRuns(tx, book)) {
    ++report.runs;
    RunAudit audit(tx, book, run, sums);
    const auto find = [&](LedgerFindingKind kind, const std::string& wrong) {
      if (wrong.empty() || !found.insert(kind).second) return;
      report.findings.push_back(LedgerFinding{kind, book, audit::FirstBatchOfRun(tx, book, run),
                                              fmt::format("run {}: {}", RunId(run.run_id), wrong)});
    };
    find(LedgerFindingKind::kApprovalInvalid, audit.CheckApprovals());
    if (run.state >= kReleased) find(LedgerFindingKind::kRunTieOut, audit.CheckTieOut());
  }
}

}  // namespace sluice::payments
