// sluice.payments.v1.LedgerService
#include "payments/ledger/ledger.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/account_text.h"
#include "api/handlers/handlers.h"
#include "api/handlers/ledger_list_store.h"
#include "api/handlers/money_names.h"
#include "api/handlers/values.h"
#include "api/service/resource_path.h"
#include "payments/ledger/chain.h"
#include "sluice/payments/v1/ledger.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::AccountLine;
using payments::BookRecord;
using payments::EntryLine;

StatusOr<v1::Book> BookMessage(pg::Transaction& tx, PayerId payer, const BookRecord& book) {
  ASSIGN_OR_RETURN(const payments::ChainHead head, payments::FindHead(tx, book.id));
  v1::Book to;
  to.set_name(fmt::format("payers/{}/books/{}", payer, book.id));
  if (book.program) to.set_program(ProgramName(payer, *book.program));
  to.set_batch(head.batch_seq);
  to.set_head_sha256(ToHex(head.hash));
  return to;
}

StatusOr<BookRecord> FindBookAt(pg::Transaction& tx, const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  ASSIGN_OR_RETURN(const BookId id, path.Get<BookTag>("books"));
  for (const BookRecord& book : payments::ListBooks(tx)) {
    if (book.id == id) return book;
  }
  return NotFound("there is no book {}", id);
}

StatusOr<v1::Book> GetBook(Call& call, const v1::GetBookRequest& request) {
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::Book> {
    ASSIGN_OR_RETURN(const BookRecord book, FindBookAt(tx, request.name()));
    return BookMessage(tx, call.Payer(), book);
  });
}

StatusOr<v1::ListBooksResponse> ListBooks(Call& call, const v1::ListBooksRequest& request) {
  ListQuery query = PlainQueryOf(call, request);
  query.order_by = request.order_by();
  ASSIGN_OR_RETURN(const ListPage page,
                   ListPage::Of(call.Tokens(), std::move(query),
                                {request.page_size(), request.page_token()}, BookFields(), "name"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListBooksResponse> {
    const BookPage loaded = LoadBookPage(tx, page);
    v1::ListBooksResponse response;
    for (const BookRecord& book : loaded.books) {
      ASSIGN_OR_RETURN(*response.add_books(), BookMessage(tx, call.Payer(), book));
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

// What a filter asks of accounts and journals, and what is left of it for the page.
struct EntryQuestion {
  EntryView view;
  std::string rest;
};

Status Ask(EntryQuestion& question, const Filter& comparison) {
  const std::string_view field = comparison.field->name;
  if (field == "effective_date") {
    question.rest += (question.rest.empty() ? "" : " AND ") + comparison.ToString();
    return OkStatus();
  }
  const bool asked =
      field == "account" ? question.view.account.has_value() : question.view.journal.has_value();
  if (comparison.comparison != Comparison::kEqual || asked) {
    return InvalidArgument("filter: {} is asked once, by \"=\"", field);
  }
  const auto& text = std::get<std::string>(comparison.value);
  if (field == "account") {
    ASSIGN_OR_RETURN(question.view.account, ParseAccountText(text));
  } else {
    ASSIGN_OR_RETURN(question.view.journal, ParseUuid(text));
  }
  return OkStatus();
}

StatusOr<EntryQuestion> ReadQuestion(const std::string& text) {
  ASSIGN_OR_RETURN(const Filter filter, ParseFilter(text, EntryFilterFields()));
  EntryQuestion question;
  if (filter.kind == Filter::Kind::kComparison) {
    RETURN_IF_ERROR(Ask(question, filter));
    return question;
  }
  for (const Filter& child : filter.children) {
    if (filter.kind != Filter::Kind::kAll || child.kind != Filter::Kind::kComparison) {
      return InvalidArgument("filter: entries take comparisons that are joined by AND");
    }
    RETURN_IF_ERROR(Ask(question, child));
  }
  return question;
}

v1::Entry EntryMessage(PayerId payer, BookId book, const EntryLine& line) {
  v1::Entry to;
  to.set_name(
      fmt::format("payers/{}/books/{}/entries/{}-{}", payer, book, line.batch_seq, line.position));
  to.set_batch(line.batch_seq);
  to.set_journal(FormatUuid(line.journal_id));
  to.set_event(std::string(payments::EventName(line.event)));
  to.set_debit_account(AccountText(line.debit));
  to.set_credit_account(AccountText(line.credit));
  Set(*to.mutable_amount(), line.amount);
  Set(*to.mutable_effective_date(), line.effective_date);
  to.set_actor(UserName(payer, line.actor));
  return to;
}

StatusOr<v1::ListEntriesResponse> ListEntries(Call& call, const v1::ListEntriesRequest& request) {
  ASSIGN_OR_RETURN(EntryQuestion question, ReadQuestion(request.filter()));
  ListQuery query = PlainQueryOf(call, request);
  query.filter = question.rest;
  query.others = {request.filter()};
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), std::move(query),
                                                     {request.page_size(), request.page_token()},
                                                     EntryFields(), "batch"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListEntriesResponse> {
    ASSIGN_OR_RETURN(const BookRecord book, FindBookAt(tx, request.parent()));
    question.view.book = book.id;
    const EntryPage loaded = LoadEntryPage(tx, question.view, page);
    v1::ListEntriesResponse response;
    for (const EntryLine& line : loaded.entries) {
      *response.add_entries() = EntryMessage(call.Payer(), book.id, line);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::TrialBalance> GetTrialBalance(Call& call, const v1::GetTrialBalanceRequest& request) {
  std::optional<Date> on;
  if (request.has_on()) {
    ASSIGN_OR_RETURN(on, ReadDate("on", request.on()));
  }
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::TrialBalance> {
    ASSIGN_OR_RETURN(const BookRecord book, FindBookAt(tx, request.name()));
    ASSIGN_OR_RETURN(const payments::ChainHead head, payments::FindHead(tx, book.id));
    const std::vector<AccountLine> lines =
        on ? payments::TrialBalanceOnDate(tx, book.id, *on) : payments::TrialBalance(tx, book.id);
    v1::TrialBalance balance;
    Money total;
    for (const AccountLine& line : lines) {
      const payments::Counters& counters = line.counters;
      if (counters == payments::Counters()) continue;
      v1::AccountBalance& to = *balance.add_accounts();
      to.set_account_class(std::string(payments::RuleOf(line.key.account_class).name));
      to.set_owner(OwnerText(line.key));
      Set(*to.mutable_debits_posted(), counters.debits_posted);
      Set(*to.mutable_credits_posted(), counters.credits_posted);
      Set(*to.mutable_debits_pending(), counters.debits_pending);
      Set(*to.mutable_credits_pending(), counters.credits_pending);
      total += counters.debits_posted;
    }
    Set(*balance.mutable_total(), total);
    balance.set_batch(head.batch_seq);
    return balance;
  });
}

}  // namespace

void ServeLedger(Methods& methods) {
  const std::string service = "sluice.payments.v1.LedgerService.";
  methods.Serve<v1::ListBooksRequest, v1::ListBooksResponse>(service + "ListBooks", ListBooks);
  methods.Serve<v1::GetBookRequest, v1::Book>(service + "GetBook", GetBook);
  methods.Serve<v1::ListEntriesRequest, v1::ListEntriesResponse>(service + "ListEntries",
                                                                 ListEntries);
  methods.Serve<v1::GetTrialBalanceRequest, v1::TrialBalance>(service + "GetTrialBalance",
                                                              GetTrialBalance);
}

}  // namespace sluice::api
