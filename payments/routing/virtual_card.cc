#include "payments/routing/virtual_card.h"

#include <array>

namespace sluice::payments {

std::string_view CardStateName(CardState state) {
  constexpr std::array<std::string_view, 4> kNames = {"ISSUED", "USED", "EXPIRED", "VOIDED"};
  return kNames.at(static_cast<std::size_t>(state));
}

Status SimulatedCards::CheckUp() const {
  if (down_) return Unavailable("the card program does not answer: ask again later");
  return OkStatus();
}

StatusOr<IssuedCard> SimulatedCards::Issue(const CardRequest& request) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(CheckUp());
  if (request.payment_key.empty()) return InvalidArgument("a card is made for a payment key");
  if (request.amount <= Money{} || request.amount > most_) {
    return InvalidArgument("payment {}: a card is of 0.01 to {}, not {}", request.payment_key,
                           most_, request.amount);
  }
  const auto known = cards_.find(request.payment_key);
  if (known != cards_.end()) {
    if (known->second.amount != request.amount) {
      return AlreadyExists("payment {} has a card of {}, and is asked for one of {}",
                           request.payment_key, known->second.amount, request.amount);
    }
    return known->second;
  }
  IssuedCard card{.reference = fmt::format("SIM{:09}", cards_.size() + 1),
                  .payment_key = request.payment_key,
                  .amount = request.amount,
                  .expires_on = request.effective_date + Days(days_valid_)};
  return cards_.emplace(request.payment_key, std::move(card)).first->second;
}

StatusOr<IssuedCard> SimulatedCards::Find(const std::string& payment_key) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(CheckUp());
  const auto known = cards_.find(payment_key);
  if (known == cards_.end()) return NotFound("payment {} has no card", payment_key);
  return known->second;
}

StatusOr<IssuedCard> SimulatedCards::Void(const std::string& payment_key) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(CheckUp());
  const auto known = cards_.find(payment_key);
  if (known == cards_.end()) return NotFound("payment {} has no card", payment_key);
  IssuedCard& card = known->second;
  if (card.used > Money{}) {
    return FailedPrecondition("the card of payment {} was used for {}", payment_key, card.used);
  }
  card.state = CardState::kVoided;
  return card;
}

Status SimulatedCards::Charge(const std::string& payment_key, Money amount, Date on) {
  const std::lock_guard lock(mutex_);
  const auto known = cards_.find(payment_key);
  if (known == cards_.end()) return NotFound("payment {} has no card", payment_key);
  IssuedCard& card = known->second;
  const bool open = card.state == CardState::kIssued && on <= card.expires_on;
  if (!open || amount <= Money{} || card.used + amount > card.amount) {
    return FailedPrecondition("the card of payment {} does not take {}", payment_key, amount);
  }
  card.used += amount;
  if (card.used == card.amount) card.state = CardState::kUsed;
  return OkStatus();
}

void SimulatedCards::PassTo(Date today) {
  const std::lock_guard lock(mutex_);
  for (auto& [key, card] : cards_) {
    if (card.state == CardState::kIssued && card.expires_on < today) {
      card.state = CardState::kExpired;
    }
  }
}

void SimulatedCards::SetDown(bool down) {
  const std::lock_guard lock(mutex_);
  down_ = down;
}

}  // namespace sluice::payments
