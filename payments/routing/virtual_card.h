// The connector to a card program: it makes a card of an amount, for one payment, and tells of it.
//
//   1. A card is made once for a payment: asked again with the same payment key, the connector
//      answers with the same card, and refuses another amount.
//   2. No card number crosses this interface. The program gives the number to the payee; we keep a
//      reference.
//   3. What the program does not answer is Unavailable, and is asked again.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "core/date.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice::payments {

struct CardRequest {
  std::string payment_key;
  std::string payee_name;
  Money amount;
  Date effective_date{};
};

// The numbers are stored.
enum class CardState : std::int16_t { kIssued = 0, kUsed = 1, kExpired = 2, kVoided = 3 };
std::string_view CardStateName(CardState state);

struct IssuedCard {
  std::string reference;  // of the card program
  std::string payment_key;
  Money amount;
  Money used;
  CardState state = CardState::kIssued;
  Date expires_on{};
};

class CardConnector {
 public:
  virtual ~CardConnector() = default;
  // InvalidArgument for an amount that no card can have, AlreadyExists when the payment has a card
  // of another amount, Unavailable when the program does not answer.
  virtual StatusOr<IssuedCard> Issue(const CardRequest& request) = 0;
  virtual StatusOr<IssuedCard> Find(const std::string& payment_key) = 0;
  // What was not used yet. FailedPrecondition when it was.
  virtual StatusOr<IssuedCard> Void(const std::string& payment_key) = 0;
};

// A card program in memory, for tests and demonstrations. Safe to call from several threads.
class SimulatedCards : public CardConnector {
 public:
  explicit SimulatedCards(Money most = Money::FromCents(100'000'00), int days_valid = 90)
      : most_(most), days_valid_(days_valid) {}

  StatusOr<IssuedCard> Issue(const CardRequest& request) override;
  StatusOr<IssuedCard> Find(const std::string& payment_key) override;
  StatusOr<IssuedCard> Void(const std::string& payment_key) override;

  // What the world does: the payee charges the card, time passes, the line is down.
  Status Charge(const std::string& payment_key, Money amount, Date on);
  void PassTo(Date today);
  void SetDown(bool down);

 private:
  Status CheckUp() const;

  mutable std::mutex mutex_;
  Money most_;
  int days_valid_;
  bool down_ = false;
  std::map<std::string, IssuedCard> cards_;
};

}  // namespace sluice::payments
