#include "performance/savings/deficit.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/check.h"

namespace sluice::performance {
namespace {

// The same day some years later; February 29 becomes March 1 where there is none.
Date YearsLater(Date date, int years) {
  const std::chrono::year_month_day day(date);
  const std::chrono::year_month_day later = day + std::chrono::years(years);
  if (later.ok()) return Date(later);
  return Date(later.year() / std::chrono::March / 1);
}

std::map<std::int64_t, DeficitLot> LotsOf(std::span<const DeficitEntry> entries) {
  std::map<std::int64_t, DeficitLot> lots;
  for (const DeficitEntry& entry : entries) {
    DeficitLot& lot = lots[entry.lot];
    lot.lot = entry.lot;
    lot.opened_on = entry.opened_on;
    lot.expires_on = entry.expires_on;
    lot.outstanding += entry.amount;
  }
  return lots;
}

bool IsOf(const DeficitEntry& entry, AwardId award) {
  return entry.award && entry.award->award == award;
}

DeficitEntry EntryOf(const DeficitLot& lot, DeficitKind kind, Money amount, Date on) {
  return DeficitEntry{.lot = lot.lot,
                      .kind = kind,
                      .amount = amount,
                      .effective_on = on,
                      .opened_on = lot.opened_on,
                      .expires_on = lot.expires_on};
}

// Takes `amount` (> 0) from the open lots, oldest first.
Status Recover(std::span<const DeficitEntry> entries, const DeficitPosting& posting, Money amount,
               std::vector<DeficitEntry>& plan) {
  for (const DeficitLot& lot : OpenLots(entries)) {
    if (amount.IsZero()) break;
    if (lot.outstanding < Money()) continue;
    const Money taken = std::min(amount, lot.outstanding);
    DeficitEntry entry = EntryOf(lot, DeficitKind::kRecovered, -taken, posting.effective_on);
    entry.award = posting.award;
    entry.memo = "recovered from a gain";
    plan.push_back(std::move(entry));
    amount -= taken;
  }
  if (!amount.IsZero()) {
    return FailedPrecondition(
        "award {} version {} recovers {} more than is outstanding; calculate it again from the "
        "present balance",
        posting.award.award, posting.award.version, amount);
  }
  return OkStatus();
}

// Gives back `amount` (> 0) of what this award recovered, newest lot first.
void GiveBack(std::span<const DeficitEntry> entries, const DeficitPosting& posting, Money amount,
              std::vector<DeficitEntry>& plan) {
  std::map<std::int64_t, Money> recovered;
  for (const DeficitEntry& entry : entries) {
    if (entry.kind == DeficitKind::kRecovered && IsOf(entry, posting.award.award)) {
      recovered[entry.lot] -= entry.amount;
    }
  }
  const std::map<std::int64_t, DeficitLot> lots = LotsOf(entries);
  std::vector<const DeficitLot*> newest_first;
  for (const auto& [id, lot] : lots) newest_first.push_back(&lot);
  std::sort(newest_first.begin(), newest_first.end(), [](const DeficitLot* a, const DeficitLot* b) {
    return std::pair(a->opened_on, a->lot) > std::pair(b->opened_on, b->lot);
  });
  for (const DeficitLot* lot : newest_first) {
    const auto taken = recovered.find(lot->lot);
    if (taken == recovered.end() || taken->second <= Money() || amount.IsZero()) continue;
    const Money back = std::min(amount, taken->second);
    DeficitEntry entry = EntryOf(*lot, DeficitKind::kRecovered, back, posting.effective_on);
    entry.award = posting.award;
    entry.memo = "a later version recovers less";
    plan.push_back(std::move(entry));
    amount -= back;
  }
  CHECK(amount.IsZero());
}

}  // namespace

std::string_view DeficitKindName(DeficitKind kind) {
  switch (kind) {
    case DeficitKind::kOpened:
      return "opened";
    case DeficitKind::kRecovered:
      return "recovered";
    case DeficitKind::kInterest:
      return "interest";
    case DeficitKind::kExpired:
      return "expired";
    case DeficitKind::kMovedOut:
      return "moved out";
    case DeficitKind::kMovedIn:
      return "moved in";
  }
  return "";
}

std::vector<DeficitLot> OpenLots(std::span<const DeficitEntry> entries) {
  std::vector<DeficitLot> open;
  for (const auto& [id, lot] : LotsOf(entries)) {
    if (!lot.outstanding.IsZero()) open.push_back(lot);
  }
  std::sort(open.begin(), open.end(), [](const DeficitLot& a, const DeficitLot& b) {
    return std::pair(a.opened_on, a.lot) < std::pair(b.opened_on, b.lot);
  });
  return open;
}

Money BalanceOf(std::span<const DeficitEntry> entries) {
  Money balance;
  for (const DeficitEntry& entry : entries) balance += entry.amount;
  return balance;
}

Money BalanceWithout(std::span<const DeficitEntry> entries, AwardId award,
                     std::optional<Date> through) {
  Money balance;
  for (const DeficitEntry& entry : entries) {
    if (through && entry.effective_on > *through) continue;
    if (!IsOf(entry, award)) balance += entry.amount;
  }
  return balance;
}

StatusOr<std::vector<DeficitEntry>> PlanPosting(std::span<const DeficitEntry> entries,
                                                const CarryForward& terms,
                                                const DeficitPosting& posting,
                                                std::int64_t new_lot) {
  if (posting.recovered < Money() || posting.carried < Money()) {
    return InvalidArgument("award {}: what is recovered or carried is not negative",
                           posting.award.award);
  }
  Money recovered;
  Money carried;
  const DeficitEntry* own = nullptr;  // the lot that an earlier version opened
  for (const DeficitEntry& entry : entries) {
    if (!IsOf(entry, posting.award.award)) continue;
    if (entry.kind == DeficitKind::kRecovered) recovered -= entry.amount;
    if (entry.kind == DeficitKind::kOpened) {
      carried += entry.amount;
      own = &entry;
    }
  }
  std::vector<DeficitEntry> plan;
  if (posting.carried != carried) {
    DeficitEntry entry{
        .lot = own != nullptr ? own->lot : new_lot,
        .kind = DeficitKind::kOpened,
        .amount = posting.carried - carried,
        .effective_on = posting.effective_on,
        .opened_on = own != nullptr ? own->opened_on : posting.effective_on,
        .award = posting.award,
        .memo = own != nullptr ? "a later version of the loss" : "a loss is carried"};
    if (own != nullptr) {
      entry.expires_on = own->expires_on;
    } else if (terms.expires_after_years) {
      entry.expires_on = YearsLater(entry.opened_on, *terms.expires_after_years);
    }
    plan.push_back(std::move(entry));
  }
  // The loss of an earlier version is not there to recover from.
  std::vector<DeficitEntry> booked(entries.begin(), entries.end());
  booked.insert(booked.end(), plan.begin(), plan.end());
  if (posting.recovered > recovered) {
    RETURN_IF_ERROR(Recover(booked, posting, posting.recovered - recovered, plan));
  } else if (posting.recovered < recovered) {
    GiveBack(booked, posting, recovered - posting.recovered, plan);
  }
  return plan;
}

std::vector<DeficitEntry> PlanAccrual(std::span<const DeficitEntry> entries,
                                      const CarryForward& terms, Date through) {
  std::vector<DeficitEntry> plan;
  for (const auto& [id, lot] : LotsOf(entries)) {
    // Interest of the days before the lot came into this account was booked where it was.
    std::set<Date> booked;
    std::optional<Date> here_since;
    for (const DeficitEntry& entry : entries) {
      if (entry.lot != id) continue;
      if (!here_since || entry.effective_on < *here_since) here_since = entry.effective_on;
      if (entry.kind == DeficitKind::kInterest) booked.insert(entry.effective_on);
    }
    for (int year = 1; terms.yearly_interest != Rate(); ++year) {
      const Date day = YearsLater(lot.opened_on, year);
      if (day > through || (lot.expires_on && day >= *lot.expires_on)) break;
      if (day <= *here_since || booked.contains(day)) continue;
      Money outstanding;  // of what was effective before the day
      for (const DeficitEntry& entry : entries) {
        if (entry.lot == id && entry.effective_on < day) outstanding += entry.amount;
      }
      for (const DeficitEntry& entry : plan) {
        if (entry.lot == id) outstanding += entry.amount;
      }
      const Money interest =
          Round(Exact(outstanding) * terms.yearly_interest, Rounding::kHalfAwayFromZero);
      if (interest <= Money()) continue;
      DeficitEntry entry = EntryOf(lot, DeficitKind::kInterest, interest, day);
      entry.memo = fmt::format("{} on {}", terms.yearly_interest.ToString(), outstanding);
      plan.push_back(std::move(entry));
    }
    if (!lot.expires_on || *lot.expires_on > through) continue;
    Money left = lot.outstanding;
    for (const DeficitEntry& entry : plan) {
      if (entry.lot == id) left += entry.amount;
    }
    if (left <= Money()) continue;
    DeficitEntry entry = EntryOf(lot, DeficitKind::kExpired, -left, *lot.expires_on);
    entry.memo = "expired; forgiven";
    plan.push_back(std::move(entry));
  }
  return plan;
}

std::string StatementOf(std::string_view title, std::span<const DeficitEntry> entries) {
  std::string text = fmt::format("deficit account: {}\n", title);
  Money balance;
  for (const DeficitEntry& entry : entries) {
    balance += entry.amount;
    text +=
        fmt::format("  {}  {:<9}  {:>16}  balance {:>16}  lot of {}{}  {}\n",
                    FormatDate(entry.effective_on), DeficitKindName(entry.kind),
                    entry.amount.ToString(), balance.ToString(), FormatDate(entry.opened_on),
                    entry.expires_on ? ", until " + FormatDate(*entry.expires_on) : "", entry.memo);
  }
  text += fmt::format("  balance {}\n", balance);
  return text;
}

}  // namespace sluice::performance
