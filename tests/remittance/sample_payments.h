// The payer, the bank and the payments of the worked examples (FORMATS section 12) as structs.
#pragma once

#include <string>
#include <vector>

#include "payments/remittance/ach_writer.h"
#include "payments/remittance/bank_profile.h"
#include "payments/remittance/outbound_payment.h"
#include "payments/remittance/x12_writer/remittance_835_writer.h"

namespace sluice::payments::testing {

inline PayerProfile SamplePayer() {
  return {.name = "Example Health Plan",
          .tin = "123456789",
          .address = {"100 Main Street", "Columbus", "OH", "43215"},
          .payer_id = "12345",
          .service_phone = "8005551000",
          .edi_contact_name = "EDI Support",
          .edi_phone = "8005551212",
          .edi_email = "edi@example.com",
          .x12_id = "EXHPLAN",
          .questions_text = "Questions about a line: within 60 days, by telephone."};
}

inline BankProfile SampleBank() {
  BankProfile bank;
  bank.immediate_destination = " 076401251";
  bank.immediate_origin = "1123456789";
  bank.destination_name = "Sample Bank NA";
  bank.origin_name = "Example Health Plan";
  bank.company_name = "EXAMPLE HLTHPLAN";
  bank.company_id = "1123456789";
  bank.trn_company_id = "1123456789";
  bank.odfi_routing_number = "076401251";
  bank.funding_account = AccountNumber("000012345678");
  return bank;
}

// Created Thursday 2026-10-01 12:53.
inline AchFileIdentity SampleIdentity() {
  return {.creation_date = MakeDate(2026, 10, 1),
          .creation_minute = 12 * 60 + 53,
          .file_id_modifier = 'A',
          .reference_code = "SLUICE01"};
}

inline Interchange835 SampleInterchange(std::int64_t control_number) {
  Interchange835 interchange;
  interchange.receiver_id = "ACO77";
  interchange.control_number = control_number;
  interchange.creation_date = MakeDate(2026, 10, 1);
  interchange.creation_minute = 12 * 60 + 53;
  return interchange;
}

inline RemittanceLine Line(std::string reference, LineKind kind, std::int64_t cents) {
  RemittanceLine line;
  line.reference = std::move(reference);
  line.kind = kind;
  line.amount = Money::FromCents(cents);
  line.description = "Quality incentive, second quarter 2026";
  line.program = "Quality incentive 2026";
  line.contract = "QIP-0007";
  line.contract_holder = "Riverside ACO LLC";
  line.period = "April 1 to June 30, 2026";
  line.contract_award = Money::FromCents(cents < 0 ? -cents : cents);
  line.award_steps = {{"Members measured", "2,500", "enrolled on June 30, 2026"},
                      {"Quality score", "84.2 %", "target 80 %"},
                      {"Award", line.contract_award.ToString(), "full rate"}};
  line.split_steps = {{"Your share", "100 %", "one participant"}};
  return line;
}

inline OutboundPayment Base(std::string key, std::string name, std::string routing,
                            std::string account, std::int64_t cents) {
  OutboundPayment payment;
  payment.payment_key = std::move(key);
  payment.method = cents == 0 ? PaymentMethod::kNone : PaymentMethod::kAch;
  payment.payee.payee_id = "P" + payment.payment_key.substr(2);
  payment.payee.name = std::move(name);
  payment.payee.address = {"22 River Road", "Columbus", "OH", "43215-0001"};
  payment.payee.tin = "987654321";
  payment.payee.npi = "1234567893";
  payment.payee.is_provider = true;
  payment.payee.routing_number = std::move(routing);
  payment.payee.account = AccountNumber(std::move(account));
  payment.amount = Money::FromCents(cents);
  payment.effective_date = MakeDate(2026, 10, 5);
  return payment;
}

inline OutboundPayment AsPerson(OutboundPayment payment) {
  payment.payee.kind = PayeeKind::kPerson;
  payment.payee.account_ownership = AccountOwnership::kConsumer;
  payment.payee.is_provider = false;
  payment.payee.npi.clear();
  payment.payee.tin.clear();
  return payment;
}

// The four payments of example 12.1.
inline std::vector<OutboundPayment> SamplePayments() {
  OutboundPayment aco =
      Base("VP2026100001", "Riverside ACO LLC", "123456780", "998877665", 1'475'000);
  aco.lines = {Line("BONUS-2026Q2-000771", LineKind::kQualityBonus, 1'250'000),
               Line("QIP-2026Q2-000772", LineKind::kProviderIncentive, 350'000),
               Line("WH-2026Q2-000773", LineKind::kWithhold, -125'000)};
  OutboundPayment practice =
      Base("VP2026100002", "Main St Family Med", "111111118", "0044012345", 250'000);
  practice.lines = {Line("BONUS-2026Q2-000774", LineKind::kQualityBonus, 250'000)};
  OutboundPayment jane =
      AsPerson(Base("VP2026100003", "Doe Jane", "111111118", "7001122334", 15'000));
  jane.payee.account_kind = AccountKind::kSavings;
  jane.lines = {Line("STAFF-2026Q2-000775", LineKind::kQualityBonus, 15'000)};
  OutboundPayment richard =
      AsPerson(Base("VP2026100004", "Roe Richard", "111111118", "55512345", 22'550));
  richard.lines = {Line("STAFF-2026Q2-000776", LineKind::kQualityBonus, 22'550)};
  return {aco, practice, jane, richard};
}

// The zero payment of example 12.3.
inline OutboundPayment ZeroPayment() {
  OutboundPayment zero = Base("NP2026100005", "Riverside ACO LLC", "", "", 0);
  zero.lines = {Line("RECOUP-000880", LineKind::kOverpaymentRecovery, -500'000),
                Line("BONUS-2026Q3-000881", LineKind::kQualityBonus, 350'000),
                Line("FWD-000882", LineKind::kBalanceForwardOut, 150'000)};
  return zero;
}

inline std::vector<AchEntry> EntriesOf(const std::vector<OutboundPayment>& payments) {
  std::vector<AchEntry> entries;
  for (const OutboundPayment& payment : payments) {
    if (payment.method == PaymentMethod::kAch) entries.push_back(EntryOf(payment));
  }
  return entries;
}

}  // namespace sluice::payments::testing
