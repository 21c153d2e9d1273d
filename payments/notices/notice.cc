#include "payments/notices/notice.h"

#include <array>

namespace sluice::payments {
namespace {

constexpr std::string_view kNotByMail =
    "If you did not expect this, call the plan at the number that you know. The plan never asks "
    "for "
    "account numbers or passwords by mail.";

std::string Ending(const BankAccount& account) {
  return fmt::format("ending {}{}", account.last4,
                     account.institution_name.empty() ? "" : " at " + account.institution_name);
}

}  // namespace

std::string_view NoticeKindName(NoticeKind kind) {
  constexpr std::array<std::string_view, 5> kNames = {"", "account change", "offset",
                                                      "test deposits", "reversal"};
  return kNames.at(static_cast<std::size_t>(kind));
}

std::string_view NoticeSubject(NoticeKind kind) {
  constexpr std::array<std::string_view, 5> kSubjects = {
      "", "A new bank account was entered for you", "An amount will be taken from your payments",
      "Two small deposits are on their way", "A payment to you is taken back"};
  return kSubjects.at(static_cast<std::size_t>(kind));
}

std::string_view NoticeStateName(NoticeState state) {
  constexpr std::array<std::string_view, 5> kNames = {"waits", "sent", "failed", "sending",
                                                      "unknown"};
  return kNames.at(static_cast<std::size_t>(state));
}

std::string MaskedAddress(const PayeeNotice& notice) {
  const std::string& address = notice.address;
  if (notice.channel == NoticeChannel::kPhone) {
    return "***" + address.substr(address.size() > 4 ? address.size() - 4 : address.size());
  }
  const std::size_t at = address.rfind('@');
  if (at == std::string::npos || at == 0) return "***";
  return address.substr(0, 1) + "***" + address.substr(at);
}

std::string AccountChangeText(const BankAccount& account, std::string_view payee_name) {
  return fmt::format(
      "A new bank account {} was entered for {} and waits to be checked. Payments go to the "
      "account "
      "that you have now until the new one is proved. {}",
      Ending(account), payee_name, kNotByMail);
}

std::string OffsetText(std::string_view payee_name, Money amount, int notice_days) {
  return fmt::format(
      "{} owes the plan {}. It will be taken from later payments{}; each remittance shows what was "
      "taken. Write or call, if you want to agree on installments or think that this is wrong. {}",
      payee_name, amount,
      notice_days == 0 ? std::string()
                       : fmt::format(", and not before {} days after this message", notice_days),
      kNotByMail);
}

std::string TestDepositsText(const BankAccount& account, std::string_view payee_name,
                             Date effective_date) {
  return fmt::format(
      "On {} two small deposits are made to the bank account {} of {}. Tell the plan their amounts "
      "as your bank shows them: this proves that the account is yours. {}",
      FormatDate(effective_date), Ending(account), payee_name, kNotByMail);
}

std::string ReversalText(std::string_view payee_name, std::string_view payment_key, Money amount,
                         std::string_view why, Date settles_on) {
  return fmt::format(
      "Payment {} of {} to {} was made in error: {}. Your bank will be asked on {} to give back "
      "this amount, and nothing else. Write or call, if you think that this is wrong. {}",
      payment_key, amount, payee_name, why, FormatDate(settles_on), kNotByMail);
}

}  // namespace sluice::payments
