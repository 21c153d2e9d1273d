#include "api/commands_inbound.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

#include "api/commands.h"
#include "payments/inbound/bank_statements.h"
#include "payments/inbound/inbound_service.h"
#include "payments/ledger/book_store.h"
#include "payments/payee_store.h"

namespace sluice::api {
namespace {

using payments::InboundService;
using payments::ItemCounts;

struct Options {
  StoreOptions store;
  std::string payer;
  std::string user;
  std::string date;  // the business date; today without
  std::string file, note, second, payment, book, pool;
  std::int32_t item = 0;
  bool open = false, close = false;
};

// The database of a command, and whom it acts for.
struct Work {
  SystemClock clock;
  std::unique_ptr<IdGenerator> ids;
  std::optional<Store> store;
  std::optional<payments::FileKeyProvider> keys;
  PayerId payer;
  payments::Actor actor;
  Date today{};

  InboundService Inbound() { return {store->App(), store->Files(), payer, *keys, clock, *ids}; }
  payments::BankStatements Statements() { return {store->App(), payer, *keys, clock, *ids}; }
};

StatusOr<PayerId> PayerOf(const Store& store, const std::string& text) {
  if (!text.empty()) return PayerId::Parse(text);
  ASSIGN_OR_RETURN(const std::vector<hierarchy::PayerRecord> payers, AllPayers(store));
  if (payers.size() == 1) return payers.front().id;
  std::string list;
  for (const auto& payer : payers) list += fmt::format("\n  {}  {}", payer.id, payer.name);
  return InvalidArgument("name the payer with --payer:{}", list);
}

Status Begin(const Options& options, Work& work) {
  work.ids = std::make_unique<IdGenerator>(work.clock, 0);
  ASSIGN_OR_RETURN(Store store, Store::Open(options.store, work.clock));
  work.store.emplace(std::move(store));
  ASSIGN_OR_RETURN(work.payer, PayerOf(*work.store, options.payer));
  ASSIGN_OR_RETURN(auto keys,
                   payments::FileKeyProvider::Open(work.store->DataDir() + "/key-encryption.key"));
  work.keys.emplace(std::move(keys));
  if (!options.user.empty()) {
    ASSIGN_OR_RETURN(work.actor.user, UserId::Parse(options.user));
  }
  work.today = work.clock.Now().UtcDate();
  if (!options.date.empty()) {
    ASSIGN_OR_RETURN(work.today, ParseDate(options.date));
  }
  return OkStatus();
}

std::string ToText(const ItemCounts& counts) {
  std::string text;
  for (const auto& [state, count] : counts) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}", count, payments::ItemStateName(state));
  }
  return text.empty() ? "no items" : text;
}

void PrintItem(const payments::InboundItemRow& item) {
  fmt::print("  item {} ({}): {} {}{} {}{}\n", item.item_no, payments::ItemStateName(item.state),
             payments::ItemKindName(item.kind), item.code,
             item.amount.IsZero() ? "" : " " + item.amount.ToString(),
             item.original_trace.empty() ? item.reference : "trace " + item.original_trace,
             item.due_on ? " due " + FormatDate(*item.due_on) : "");
  if (!item.reason.empty()) fmt::print("      {}\n", item.reason);
}

StatusOr<int> Receive(const Options& options) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(options.file));
  Work work;
  RETURN_IF_ERROR(Begin(options, work));
  InboundService inbound = work.Inbound();
  ASSIGN_OR_RETURN(const payments::ReceivedFile received,
                   inbound.Receive(options.file, bytes, work.actor));
  fmt::print("{}  {}  {} {}: {}{}\n", received.file.id, received.file.name,
             payments::InboundKindName(received.file.kind),
             payments::InboundStateName(received.file.state), ToText(received.items),
             received.known_before ? " (received before: nothing is new)" : "");
  if (!received.file.reason.empty()) fmt::print("  {}\n", received.file.reason);
  for (const payments::InboundFault& fault : received.faults) {
    fmt::print("  {}\n", fault.ToString());
  }
  return received.file.state == payments::InboundState::kQuarantined ||
                 payments::WorstOf(received.faults) > payments::FaultScope::kDeviation
             ? 1
             : 0;
}

StatusOr<int> Apply(const Options& options) {
  Work work;
  RETURN_IF_ERROR(Begin(options, work));
  InboundService inbound = work.Inbound();
  ASSIGN_OR_RETURN(const payments::AppliedItems applied, inbound.Apply(work.today, work.actor));
  for (const payments::ItemMove& move : applied.moves) {
    fmt::print("{} item {}: {}: {}\n", move.file, move.item_no, payments::ItemStateName(move.to),
               move.reason);
  }
  fmt::print("{}\n", applied.moves.empty() ? "nothing to apply" : ToText(applied.items));
  return 0;
}

StatusOr<int> List(const Options& options) {
  Work work;
  RETURN_IF_ERROR(Begin(options, work));
  InboundService inbound = work.Inbound();
  if (!options.open) {
    ASSIGN_OR_RETURN(const std::vector<payments::InboundFileRow> files, inbound.Files());
    for (const payments::InboundFileRow& file : files) {
      fmt::print("{}  {}  {} {}  {} bytes  {}{}\n", file.id, file.received_at.ToString(),
                 payments::InboundKindName(file.kind), payments::InboundStateName(file.state),
                 file.size, file.name, file.reason.empty() ? "" : ": " + file.reason);
    }
    return 0;
  }
  ASSIGN_OR_RETURN(const std::vector<payments::OpenItem> open, inbound.OpenItems(work.today));
  for (const payments::OpenItem& item : open) {
    fmt::print("{}  {}  {} banking days\n", item.item.file, item.file_name, item.banking_days_old);
    PrintItem(item.item);
  }
  ASSIGN_OR_RETURN(const auto returned, inbound.ReturnedPayments());
  for (const InboundService::Returned& row : returned) {
    fmt::print("payment {} of book {}: {} came back on {} with {}: {}\n",
               payments::PaymentKeyOf(row.payment.disbursement), row.book, row.payment.amount,
               FormatDate(row.payment.returned_on), row.payment.code,
               row.payment.actions.ToString());
  }
  ASSIGN_OR_RETURN(const auto lines, work.Statements().Exceptions(work.today));
  for (const payments::UnmatchedLine& row : lines) {
    fmt::print("bank line of {}: {} {} {} {} {}, {} banking days, {}: {}\n",
               FormatDate(row.line.as_of), row.line.type_code,
               row.line.direction == payments::BankDirection::kCredit ? "credit" : "debit",
               row.line.amount, row.line.bank_reference, row.line.information, row.banking_days_old,
               row.name, row.what);
  }
  const std::size_t count = open.size() + returned.size() + lines.size();
  fmt::print("{} open\n", count);
  return count == 0 ? 0 : 1;
}

StatusOr<int> Show(const Options& options) {
  ASSIGN_OR_RETURN(const auto id, payments::InboundFileId::Parse(options.file));
  Work work;
  RETURN_IF_ERROR(Begin(options, work));
  InboundService inbound = work.Inbound();
  ASSIGN_OR_RETURN(const InboundService::Shown shown, inbound.Show(id));
  fmt::print("{}  {}  {} {}  received {}\n", shown.file.id, shown.file.name,
             payments::InboundKindName(shown.file.kind),
             payments::InboundStateName(shown.file.state), shown.file.received_at.ToString());
  for (const payments::InboundFault& fault : shown.faults) fmt::print("  {}\n", fault.ToString());
  for (const payments::InboundItemRow& item : shown.items) PrintItem(item);
  return 0;
}

StatusOr<int> Resolve(const Options& options) {
  ASSIGN_OR_RETURN(const auto id, payments::InboundFileId::Parse(options.file));
  Work work;
  RETURN_IF_ERROR(Begin(options, work));
  RETURN_IF_ERROR(work.Inbound().Resolve(id, options.item, options.note, work.actor));
  fmt::print("resolved\n");
  return 0;
}

StatusOr<int> PayAgain(const Options& options) {
  Work work;
  RETURN_IF_ERROR(Begin(options, work));
  InboundService inbound = work.Inbound();
  InboundService::Decision decision{.note = options.note, .pay_again = !options.close};
  if (!options.second.empty()) {
    ASSIGN_OR_RETURN(const UserId second, UserId::Parse(options.second));
    decision.second = payments::Actor{.user = second, .human = true};
  }
  ASSIGN_OR_RETURN(const auto returned, inbound.ReturnedPayments());
  for (const InboundService::Returned& row : returned) {
    if (payments::PaymentKeyOf(row.payment.disbursement) != options.payment) continue;
    RETURN_IF_ERROR(
        inbound.DecideReturned(row.book, row.payment.disbursement, decision, work.actor));
    fmt::print("payment {}: {}\n", options.payment,
               options.close ? "closed" : "the next run of its program pays it again");
    return 0;
  }
  return NotFound("payment {} did not come back, or it is decided already", options.payment);
}

StatusOr<int> DecideDispute(const Options& options, bool applied) {
  Work work;
  RETURN_IF_ERROR(Begin(options, work));
  InboundService inbound = work.Inbound();
  ASSIGN_OR_RETURN(const UserId second, UserId::Parse(options.second));
  ASSIGN_OR_RETURN(const auto found, inbound.FindReturned(options.payment));
  RETURN_IF_ERROR(inbound.DecideDispute(
      found.first, found.second,
      {.note = options.note, .second = {.user = second, .human = true}, .applied = applied},
      work.today, work.actor));
  fmt::print(
      "payment {}: {}\n", options.payment,
      applied ? "its return is applied again" : "its return is un-applied, the payment stands");
  return 0;
}

// The pool with this name; the only one of the book without a name.
StatusOr<payments::Pool> PoolOf(pg::Transaction& tx, BookId book, const std::string& name) {
  std::string list;
  const std::vector<payments::Pool> pools = payments::LoadPoolsOf(tx, book);
  for (const payments::Pool& pool : pools) {
    if (pool.name == name || (name.empty() && pools.size() == 1)) return pool;
    list += "\n  " + pool.name;
  }
  return NotFound("book {} has no such pool; name one with --pool:{}", book, list);
}

StatusOr<int> AddAccount(const Options& options) {
  ASSIGN_OR_RETURN(const BookId book, BookId::Parse(options.book));
  ASSIGN_OR_RETURN(std::string number, ReadFile(options.file));
  while (!number.empty() && (number.back() == '\n' || number.back() == '\r')) number.pop_back();
  Work work;
  RETURN_IF_ERROR(Begin(options, work));
  ASSIGN_OR_RETURN(const payments::Pool pool,
                   work.store->App().ForPayer(work.payer).Transact([&](pg::Transaction& tx) {
                     return PoolOf(tx, book, options.pool);
                   }));
  ASSIGN_OR_RETURN(
      const payments::DepositAccount account,
      work.Statements().Register(book, pool.bank_account,
                                 payments::AccountNumber(std::move(number)), work.actor));
  fmt::print("{}  ending {}  pool {} of book {}\n", account.account, account.last4, pool.name,
             book);
  return 0;
}

StatusOr<int> Cash(const Options& options) {
  Work work;
  RETURN_IF_ERROR(Begin(options, work));
  ASSIGN_OR_RETURN(const auto positions, work.Statements().Positions());
  int exit_code = 0;
  for (const payments::CashPosition& position : positions) {
    fmt::print("{}  ending {}  book {}\n", position.account.account, position.account.last4,
               position.account.book);
    if (!position.statement) {
      fmt::print("  no statement yet; ledger {}\n", position.ledger_cash);
      continue;
    }
    fmt::print("  {}: statement {}, ledger {}, difference {}; unmatched credits {}, debits {}\n",
               FormatDate(position.statement->as_of),
               position.statement->closing ? position.statement->closing->ToString() : "not given",
               position.ledger_cash,
               position.difference ? position.difference->ToString() : "not known",
               position.unmatched_credits, position.unmatched_debits);
    if (position.difference && !position.difference->IsZero()) exit_code = 1;
  }
  return exit_code;
}

using Handler = std::function<StatusOr<int>(const Options&)>;

// One subcommand with the options that all have.
CLI::App* Add(CLI::App& group, const char* name, const char* help, bool acts,
              const std::shared_ptr<Options>& options, const Handler& handler, int& exit_code) {
  CLI::App* command = group.add_subcommand(name, help);
  command->add_option("--payer", options->payer, "payer id, when there are several");
  command->add_option("--date", options->date, "business date (default today)");
  CLI::Option* user = command->add_option("--as", options->user, "who does it: usr_...");
  if (acts) user->required();
  command->add_option("--data-dir", options->store.data_dir,
                      "data directory of the embedded database (default " + DefaultDataDir() + ")");
  command->add_option("--config", options->store.config_file,
                      "configuration file; its [database] section names a server to use instead");
  command->callback([options, handler, &exit_code] {
    const StatusOr<int> done = handler(*options);
    exit_code = done.ok() ? *done : Fail(done.status());
  });
  return command;
}

}  // namespace

void AddInboundCommands(CLI::App& app, int& exit_code) {
  CLI::App* group = app.add_subcommand("inbound", "returns, statements and answers that come back");
  group->require_subcommand(1);
  auto options = std::make_shared<Options>();
  CLI::App* receive = Add(*group, "receive", "store, read and stage a file; posts nothing", true,
                          options, Receive, exit_code);
  receive->add_option("file", options->file, "the file as it came")->required();
  Add(*group, "apply", "apply what is staged: returns, changes, statements, answers", true, options,
      Apply, exit_code);
  CLI::App* list = Add(*group, "list", "the files that came", false, options, List, exit_code);
  list->add_flag("--open", options->open, "what waits for somebody instead; exits 1 if anything");
  CLI::App* show =
      Add(*group, "show", "a file with its faults and items", false, options, Show, exit_code);
  show->add_option("file", options->file, "inb_...")->required();
  CLI::App* resolve = Add(*group, "resolve", "close an open item that a person dealt with", true,
                          options, Resolve, exit_code);
  resolve->add_option("file", options->file, "inb_...")->required();
  resolve->add_option("item", options->item, "its number in the file")->required();
  resolve->add_option("--note", options->note, "what was done")->required();
  CLI::App* again = Add(*group, "pay-again", "clear a returned payment to be paid again", true,
                        options, PayAgain, exit_code);
  again->add_option("payment", options->payment, "its payment key")->required();
  again->add_option("--note", options->note, "why")->required();
  again->add_option("--second", options->second, "the second person, where the case needs one");
  again->add_flag("--close", options->close, "close it: it is not paid again");
  for (const bool applied : {false, true}) {
    CLI::App* dispute = Add(
        *group, applied ? "re-apply" : "un-apply",
        applied ? "apply a return again, whose dishonor was contested; by two people"
                : "undo a return that was dishonored, so that the payment stands; by two people",
        true, options, [applied](const Options& o) { return DecideDispute(o, applied); },
        exit_code);
    dispute->add_option("payment", options->payment, "its payment key")->required();
    dispute->add_option("--note", options->note, "how it is known")->required();
    dispute->add_option("--second", options->second, "the second person")->required();
  }
  CLI::App* account = Add(*group, "account", "name the number of a pool's deposit account", true,
                          options, AddAccount, exit_code);
  account->add_option("--book", options->book, "the book")->required();
  account->add_option("--pool", options->pool, "its pool, when the book has several");
  account->add_option("--number-file", options->file, "a file that holds the number and no more")
      ->required();
  Add(*group, "cash", "what is at the bank, by the bank and by the ledger", false, options, Cash,
      exit_code);
}

}  // namespace sluice::api
