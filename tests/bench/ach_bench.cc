// Writing and verifying an ACH file of 500,000 entries, beside a memory copy of the file.
#include <fmt/core.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "payments/remittance/ach_writer.h"
#include "payments/remittance/verify_files.h"
#include "tests/bench/bench.h"

namespace sluice::bench {
namespace {

using payments::AchEntry;
using payments::BankProfile;

constexpr std::size_t kEntries = 500'000;
constexpr int kRounds = 7;

BankProfile Bank() {
  BankProfile bank;
  bank.immediate_destination = " 076401251";
  bank.immediate_origin = "1123456789";
  bank.destination_name = "BENCH BANK";
  bank.origin_name = "BENCH HEALTH PLAN";
  bank.company_name = "BENCH HLTHPLAN";
  bank.company_id = "1123456789";
  bank.trn_company_id = "1123456789";
  bank.odfi_routing_number = "076401251";
  bank.file_line_limit = 2'000'000;
  return bank;
}

// Texts of the entries, which only view them.
struct Texts {
  std::vector<std::string> keys, names, accounts;
};

std::vector<AchEntry> MakeEntries(Texts& texts) {
  constexpr std::string_view kRouting[] = {"111111118", "123456780", "076401251"};
  for (std::size_t i = 0; i < kEntries; ++i) {
    texts.keys.push_back(fmt::format("VP{:010}", i));
    texts.names.push_back(fmt::format("PRACTICE NUMBER {}", i));
    texts.accounts.push_back(fmt::format("{:010}", 1'000'000'007 + i * 7));
  }
  std::vector<AchEntry> entries(kEntries);
  for (std::size_t i = 0; i < kEntries; ++i) {
    entries[i] = {.payment_key = texts.keys[i],
                  .receiver_name = texts.names[i],
                  .routing_number = kRouting[i % 3],
                  .account_number = texts.accounts[i],
                  .amount_cents = static_cast<std::int64_t>(1'000 + i % 500'000),
                  .effective_date = MakeDate(2026, 10, 5),
                  .description = payments::AchDescription::kHealthCareClaim};
  }
  return entries;
}

}  // namespace

int BenchAch(int, char**) {
  const BankProfile bank = Bank();
  Texts texts;
  const std::vector<AchEntry> entries = MakeEntries(texts);
  const payments::AchFileIdentity identity{
      .creation_date = MakeDate(2026, 10, 1), .creation_minute = 773, .reference_code = "BENCH"};
  constexpr auto kUnits = static_cast<std::int64_t>(kEntries);
  Rates writing, copying, verifying;
  std::size_t bytes = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::int64_t start = NowMicros();
    const auto file = payments::WriteAchFile(bank, identity, entries);
    const std::int64_t written = NowMicros();
    if (!file.ok()) {
      fmt::print(stderr, "{}\n", StatusMessage(file.status()));
      return 1;
    }
    const std::string_view view = file->bytes.View();
    bytes = view.size();
    writing.Add(kUnits, written - start);

    // The floor: the same bytes into fresh memory, as a writer has to fill fresh memory too.
    const std::int64_t copy_start = NowMicros();
    const auto copy = std::make_unique_for_overwrite<char[]>(bytes);
    std::memcpy(copy.get(), view.data(), bytes);
    copying.Add(kUnits, NowMicros() - copy_start);
    if (copy[bytes - 2] != view[bytes - 2]) return 1;

    const std::int64_t verify_start = NowMicros();
    const auto findings = payments::VerifyAch("bench.ach", view, {.profile = bank});
    verifying.Add(kUnits, NowMicros() - verify_start);
    if (!findings.empty()) {
      fmt::print(stderr, "{}\n", findings[0].ToString());
      return 1;
    }
  }
  fmt::print("{} entries, {} bytes\n", kEntries, bytes);
  fmt::print("{}\n", copying.Format("ach: memory copy of the file", "entries/s"));
  fmt::print("{}\n", writing.Format("ach: writing", "entries/s"));
  fmt::print("{}\n", verifying.Format("ach: verifying", "entries/s"));
  fmt::print("ach: writing takes {:.2f} times the memory copy (goal 2)\n",
             copying.Median() / writing.Median());
  return 0;
}

}  // namespace sluice::bench
