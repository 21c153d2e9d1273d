// Writing and verifying the 835 of 100,000 payments, beside a memory copy of the same bytes.
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "payments/remittance/verify_files.h"
#include "payments/remittance/x12_writer/remittance_835_writer.h"
#include "tests/bench/bench.h"

namespace sluice::bench {
namespace {

using namespace sluice::payments;  // the bench speaks the files' language throughout

constexpr int kRounds = 7;
constexpr std::size_t kPaymentsPerFile = 5'000;

PayerProfile Payer() {
  return {.name = "Bench Health Plan",
          .tin = "123456789",
          .address = {.street = "100 Plan Way", .city = "Columbus", .state = "OH", .zip = "43215"},
          .payer_id = "BENCH",
          .service_phone = "6145550100",
          .edi_contact_name = "EDI desk",
          .edi_phone = "6145550101",
          .edi_email = "edi@bench.example",
          .x12_id = "BENCH"};
}

BankProfile Bank() {
  return {.immediate_destination = " 076401251",
          .immediate_origin = "1123456789",
          .destination_name = "BENCH BANK",
          .origin_name = "BENCH HEALTH PLAN",
          .company_name = "BENCH HLTHPLAN",
          .company_id = "1123456789",
          .trn_company_id = "1123456789",
          .odfi_routing_number = "076401251",
          .funding_account = AccountNumber("0099887766")};
}

// Two lines each: an award and what is withheld of it.
std::vector<OutboundPayment> MakePayments(std::size_t count) {
  std::vector<OutboundPayment> payments(count);
  for (std::size_t i = 0; i < count; ++i) {
    OutboundPayment& payment = payments[i];
    const Money earned = Money::FromCents(static_cast<std::int64_t>(100'000 + i * 37 % 900'000));
    const Money withheld = Money::FromCents(earned.Cents() / 20);
    payment.payment_key = fmt::format("VP{:010}", i);
    payment.payee = {
        .payee_id = fmt::format("P{}", i),
        .name = fmt::format("Practice number {}", i),
        .address = {.street = "1 Main Street", .city = "Columbus", .state = "OH", .zip = "43215"},
        .tin = fmt::format("{:09}", 310'000'000 + i),
        .npi = "1234567893",
        .is_provider = true,
        .routing_number = "111111118",
        .account = AccountNumber(fmt::format("{:010}", 1'000'000'007 + i * 7))};
    payment.amount = earned - withheld;
    payment.effective_date = MakeDate(2026, 10, 5);
    payment.lines.resize(2);
    payment.lines[0].reference = fmt::format("{:013}-1", i);
    payment.lines[0].kind = LineKind::kQualityBonus;
    payment.lines[0].amount = earned;
    payment.lines[1].reference = fmt::format("{:013}-2", i);
    payment.lines[1].kind = LineKind::kWithhold;
    payment.lines[1].amount = -withheld;
  }
  return payments;
}

}  // namespace

int BenchRemittance835(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  if (count == 0) {
    fmt::print(stderr, "usage: sluice_bench 835 [payments]\n");
    return 2;
  }
  const PayerProfile payer = Payer();
  const BankProfile bank = Bank();
  const PlbMapping mapping;
  const std::vector<OutboundPayment> payments = MakePayments(count);
  const auto units = static_cast<std::int64_t>(count);
  Rates writing, copying, verifying;
  std::size_t bytes = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<std::string> files;
    std::vector<std::unique_ptr<char[]>> copies;
    const std::int64_t start = NowMicros();
    for (std::size_t first = 0; first < count; first += kPaymentsPerFile) {
      const Interchange835 interchange{.receiver_id = "CLEARINGHOUSE",
                                       .control_number = static_cast<std::int64_t>(first) + 1,
                                       .creation_date = MakeDate(2026, 10, 1),
                                       .creation_minute = 773};
      auto file =
          Write835(payer, bank, mapping, interchange,
                   std::span(payments).subspan(first, std::min(kPaymentsPerFile, count - first)));
      if (!file.ok()) {
        fmt::print(stderr, "{}\n", StatusMessage(file.status()));
        return 1;
      }
      files.push_back(*std::move(file));
    }
    const std::int64_t written = NowMicros();
    // The floor: the same bytes into fresh memory, as a writer has to fill fresh memory too.
    for (const std::string& file : files) {
      copies.push_back(std::make_unique_for_overwrite<char[]>(file.size()));
      std::memcpy(copies.back().get(), file.data(), file.size());
    }
    const std::int64_t copied = NowMicros();
    bytes = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (copies[i][files[i].size() - 2] != files[i][files[i].size() - 2]) return 1;
      bytes += files[i].size();
    }
    const std::int64_t verify_start = NowMicros();
    for (const std::string& file : files) {
      const auto findings = Verify835("bench.835", file);
      if (findings.empty()) continue;
      fmt::print(stderr, "{}\n", findings[0].ToString());
      return 1;
    }
    verifying.Add(units, NowMicros() - verify_start);
    writing.Add(units, written - start);
    copying.Add(units, std::max<std::int64_t>(copied - written, 1));
  }
  fmt::print("{} payments, {} bytes\n", count, bytes);
  fmt::print("{}\n", copying.Format("835: memory copy of the files", "payments/s"));
  fmt::print("{}\n", writing.Format("835: writing", "payments/s"));
  fmt::print("{}\n", verifying.Format("835: verifying", "payments/s"));
  fmt::print("835: writing takes {:.2f} times the memory copy (goal 4)\n",
             copying.Median() / writing.Median());
  return 0;
}

}  // namespace sluice::bench
