// A released run, a bank that answers it, and the service that takes the answers.
#pragma once

#include "payments/disbursement_store.h"
#include "payments/inbound/inbound_service.h"
#include "payments/inbound/return_store.h"
#include "payments/obligation_store.h"
#include "tests/inbound/bank_simulator.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {

class InboundFixture : public RunFixture {
 protected:
  static inline const Date kReturnDay = MakeDate(2026, 10, 6);

  void SetUp() override {
    RunFixture::SetUp();
    inbound_ = std::make_unique<InboundService>(db_.App(), db_.Files(), payer_, *keys_, db_.Clock(),
                                                db_.Ids());
  }

  // Three payees are paid 100, 90 and 80 dollars; delivered, and settled when asked.
  RunId ReleaseThree(bool settle = true) {
    for (std::int64_t party = 10; party < 13; ++party) payees_.push_back(AddPaidPayee(party));
    Fund(Dollars(1'000));
    const RunId run =
        Approved({Award(1, {{10, Dollars(100)}, {11, Dollars(90)}, {12, Dollars(80)}})});
    releases_ = Releases();
    const Status released = releases_->Release(run, kService);
    EXPECT_TRUE(released.ok()) << StatusMessage(released);
    if (settle) {
      EXPECT_TRUE(releases_->PostSettlement(run, MakeDate(2026, 10, 5), kService).ok());
    }
    entries_ = testing::EntriesOf(AchBytes());
    EXPECT_EQ(entries_.size(), 3U);
    return run;
  }

  // The bytes of the newest ACH file in the folder.
  std::string AchBytes() {
    std::string bytes;
    for (const auto& [name, content] : DeliveredFiles()) {
      if (name.ends_with(".ach")) bytes = content;
    }
    return bytes;
  }

  ReceivedFile Receive(const std::string& bytes, const std::string& name = "RET1.ach") {
    auto received = inbound_->Receive(name, bytes, kService);
    EXPECT_TRUE(received.ok()) << StatusMessage(received.status());
    return received.ok() ? *received : ReceivedFile{};
  }
  AppliedItems Apply() {
    auto applied = inbound_->Apply(kReturnDay, kService);
    EXPECT_TRUE(applied.ok()) << StatusMessage(applied.status());
    return applied.ok() ? *applied : AppliedItems{};
  }
  std::vector<InboundItemRow> ItemsOf(const ReceivedFile& file) {
    auto shown = inbound_->Show(file.file.id);
    EXPECT_TRUE(shown.ok());
    return shown->items;
  }

  std::vector<Disbursement> PaymentsOf(RunId run) {
    return *db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::vector<Disbursement>> {
          return LoadDisbursements(tx, program_.book, run);
        });
  }
  // The payment of an entry of the file.
  Disbursement PaymentOf(RunId run, const testing::BankEntry& entry) {
    for (const Disbursement& row : PaymentsOf(run)) {
      if (entry.identification.starts_with(row.payment_key)) return row;
    }
    ADD_FAILURE() << "no payment " << entry.identification;
    return {};
  }
  BankAccountState AccountState(PayeeId payee, std::int32_t version = 1) {
    const auto rows = *db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::vector<BankAccount>> {
          const std::vector<PayeeId> payees{payee};
          return LoadBankAccountsOfPayees(tx, payer_, payees);
        });
    for (const BankAccount& row : rows) {
      if (row.version == version) return row.state;
    }
    ADD_FAILURE() << "no version " << version;
    return BankAccountState::kRejected;
  }
  Money ReturnedItems() { return Balance(ReturnedItemsAccount(program_.pool.bank_account)); }

  std::unique_ptr<InboundService> inbound_;
  std::unique_ptr<ReleaseService> releases_;
  std::vector<PayeeId> payees_;
  std::vector<testing::BankEntry> entries_;
};

}  // namespace sluice::payments
