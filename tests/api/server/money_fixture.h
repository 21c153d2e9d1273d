// A server over a payer with released payments: what the tests of payments over the API share.
#pragma once

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <string>
#include <vector>

#include "payments/disbursement_store.h"
#include "payments/inbound/statement_store.h"
#include "payments/ledger/events.h"
#include "payments/ledger/ledger.h"
#include "tests/api/server/server_fixture.h"

namespace sluice::api {

class MoneyCalls : public ServerFixture {
 protected:
  using Struct = google::protobuf::Struct;

  void SetUp() override {
    ServerFixture::SetUp();
    maker_ = SignIn("maker");
    checker_ = SignIn("first", true);
    program_name_ = fmt::format("{}/programs/{}", payer_name_, program_.program);
  }

  // Pays the practices 100 and 90 dollars by ACH; delivered.
  payments::RunId Release() {
    first_payee_ = AddPaidPayee(practice_.Value());
    second_payee_ = AddPaidPayee(other_.Value());
    Fund(payments::Dollars(1'000));
    const payments::RunId run = Approved({Award(1, {{practice_.Value(), payments::Dollars(100)},
                                                    {other_.Value(), payments::Dollars(90)}})});
    const Status released = Releases()->Release(run, kService);
    EXPECT_TRUE(released.ok()) << StatusMessage(released);
    return run;
  }
  std::vector<payments::Disbursement> PaymentsOf(payments::RunId run) {
    return *db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::vector<payments::Disbursement>> {
          return payments::LoadDisbursements(tx, program_.book, run);
        });
  }
  // A credit as the bank's statement brings it: a line and its cash journal.
  std::int64_t Deposit(Money amount, const std::string& reference) {
    const std::int64_t line = db_.Ids().NextValue();
    const payments::Journal cash =
        payments::MakeJournal({.id = DerivedUuid("test_line", std::vector{std::to_string(line)}),
                               .actor = kService.user,
                               .effective_date = kBusinessDate},
                              payments::BankCredit(program_.pool.bank_account, amount));
    Do([&](pg::Transaction& tx) -> Status {
      const payments::BankLineRow row{.id = line,
                                      .account = program_.pool.bank_account,
                                      .as_of = kBusinessDate,
                                      .type_code = "195",
                                      .direction = payments::BankDirection::kCredit,
                                      .amount = amount,
                                      .bank_reference = reference,
                                      .occurrence = static_cast<std::int32_t>(++lines_),
                                      .journal_id = cash.id};
      payments::InsertBankLines(tx, program_.book, {&row, 1}, db_.Clock().Now());
      return payments::Ledger(db_.Clock()).PostIn(tx, program_.book, {&cash, 1}).status();
    });
    return line;
  }
  void Do(const std::function<Status(pg::Transaction&)>& work) {
    const Status done = db_.App().ForPayer(payer_).Transact(work);
    ASSERT_TRUE(done.ok()) << StatusMessage(done);
  }

  static Struct Parse(const std::string& json) {
    Struct parsed;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &parsed).ok()) << json;
    return parsed;
  }
  std::string NextId() { return fmt::format("0195f3c2-0000-8000-8000-{:012}", ++last_id_); }
  std::string Get(const std::string& target, const std::string& token) {
    const auto answer = Https("GET", "/v1/" + target, token);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.body;
  }
  // Posts the fields with a request id of its own, and an etag where one is given.
  testing::HttpAnswer Post(const std::string& target, const std::string& token,
                           const std::string& fields, const std::string& etag = "") {
    Struct body = Parse(fields.empty() ? "{}" : fields);
    (*body.mutable_fields())["requestId"].set_string_value(NextId());
    if (!etag.empty()) (*body.mutable_fields())["etag"].set_string_value(etag);
    std::string json;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(body, &json).ok());
    return Https("POST", "/v1/" + target, token, json);
  }
  // The same, and it is done.
  std::string Done(const std::string& target, const std::string& token, const std::string& fields,
                   const std::string& etag = "") {
    const auto answer = Post(target, token, fields, etag);
    EXPECT_EQ(answer.status, 200) << target << ": " << answer.body;
    return answer.body;
  }
  // The texts of a field over the items of a list; nested ones by "amount.cents".
  std::vector<std::string> Texts(const std::string& target, const std::string& list,
                                 const std::string& field, const std::string& token) {
    std::vector<std::string> texts;
    const Struct parsed = Parse(Get(target, token));
    const auto items = parsed.fields().find(list);
    if (items == parsed.fields().end()) return texts;
    for (const auto& item : items->second.list_value().values()) {
      const google::protobuf::Value* value = &item;
      std::string rest = field;
      while (!rest.empty()) {
        const std::size_t dot = std::min(rest.find('.'), rest.size());
        const auto& fields = value->struct_value().fields();
        const auto found = fields.find(rest.substr(0, dot));
        if (found == fields.end()) break;
        value = &found->second;
        rest = dot == rest.size() ? "" : rest.substr(dot + 1);
      }
      texts.push_back(value->has_string_value() ? value->string_value() : "");
    }
    return texts;
  }
  static std::string Day(Date date) {
    const std::chrono::year_month_day day(date);
    return fmt::format(R"({{"year":{},"month":{},"day":{}}})", static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  }
  std::string Person(UserId user) { return fmt::format("{}/users/{}", payer_name_, user); }
  std::string PaymentName(const payments::Disbursement& payment) {
    return fmt::format("{}/payments/{}", payer_name_, payment.id);
  }
  std::string PoolName() { return fmt::format("{}/pools/{}", program_name_, program_.pool.id); }

  std::string maker_, checker_, program_name_;
  PayeeId first_payee_, second_payee_;
  int last_id_ = 0;
  std::int64_t lines_ = 0;
};

}  // namespace sluice::api
