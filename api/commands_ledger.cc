#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "api/commands.h"
#include "hierarchy/payer_store.h"
#include "payments/ledger/book_store.h"
#include "payments/ledger/verify.h"

namespace sluice::api {
namespace {

// The payer whose book it is.
StatusOr<PayerId> OwnerOf(const Store& store, BookId book) {
  ASSIGN_OR_RETURN(const std::vector<payments::BookRecord> books,
                   store.Admin().Transact(
                       [](pg::Transaction& tx) -> StatusOr<std::vector<payments::BookRecord>> {
                         return payments::ListBooks(tx);
                       }));
  for (const payments::BookRecord& record : books) {
    if (record.id == book) return record.payer;
  }
  return NotFound("there is no book {}", book);
}

StatusOr<std::vector<payments::ChainHead>> ReadHeads(const std::vector<std::string>& files) {
  std::vector<payments::ChainHead> heads;
  for (const std::string& file : files) {
    std::ifstream in(file);
    if (!in) return NotFound("cannot read {}: name an existing file", file);
    for (std::string line; std::getline(in, line);) {
      if (line.empty()) continue;
      ASSIGN_OR_RETURN(const payments::ChainHead head, payments::ParseHead(line));
      heads.push_back(head);
    }
  }
  return heads;
}

void Merge(payments::LedgerVerifyReport part, payments::LedgerVerifyReport& whole) {
  whole.books += part.books;
  whole.batches += part.batches;
  whole.journals += part.journals;
  whole.transfers += part.transfers;
  for (auto& finding : part.findings) whole.findings.push_back(std::move(finding));
  for (const auto& head : part.heads) whole.heads.push_back(head);
}

StatusOr<payments::LedgerVerifyReport> Verify(const Store& store,
                                              const LedgerVerifyCommand& command) {
  payments::LedgerVerifyOptions options;
  std::vector<PayerId> payers;
  if (command.book.empty()) {
    ASSIGN_OR_RETURN(const std::vector<hierarchy::PayerRecord> all, AllPayers(store));
    for (const hierarchy::PayerRecord& payer : all) payers.push_back(payer.id);
  } else {
    ASSIGN_OR_RETURN(options.book, BookId::Parse(command.book));
    ASSIGN_OR_RETURN(const PayerId owner, OwnerOf(store, *options.book));
    payers.push_back(owner);
  }
  ASSIGN_OR_RETURN(const std::vector<payments::ChainHead> heads, ReadHeads(command.head_files));
  payments::LedgerVerifyReport whole;
  for (const PayerId payer : payers) {
    options.exported_heads.clear();
    for (const payments::ChainHead& head : heads) {
      ASSIGN_OR_RETURN(const PayerId owner, OwnerOf(store, head.book));
      if (owner == payer) options.exported_heads.push_back(head);
    }
    ASSIGN_OR_RETURN(payments::LedgerVerifyReport part,
                     payments::VerifyLedger(store.Verify().ForPayer(payer), options));
    Merge(std::move(part), whole);
  }
  return whole;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return quoted + "\"";
}

void PrintJson(const payments::LedgerVerifyReport& report) {
  fmt::print("{{\"books\":{},\"batches\":{},\"journals\":{},\"transfers\":{},\"findings\":[",
             report.books, report.batches, report.journals, report.transfers);
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const payments::LedgerFinding& finding = report.findings[i];
    fmt::print("{}{{\"finding\":{},\"book\":{},\"batch\":{},\"detail\":{}}}", i == 0 ? "" : ",",
               Quoted(payments::LedgerFindingName(finding.kind)), Quoted(finding.book.ToString()),
               finding.batch_seq, Quoted(finding.detail));
  }
  fmt::print("]}}\n");
}

}  // namespace

int RunLedgerVerify(const StoreOptions& options, const LedgerVerifyCommand& command) {
  SystemClock clock;
  const StatusOr<Store> store = Store::Open(options, clock);
  if (!store.ok()) return Fail(store.status());
  const StatusOr<payments::LedgerVerifyReport> report = Verify(*store, command);
  if (!report.ok()) {
    Fail(report.status());
    return 2;
  }
  if (command.json) {
    PrintJson(*report);
    return report->ExitCode();
  }
  for (const payments::LedgerFinding& finding : report->findings)
    fmt::print("{}\n", finding.ToString());
  for (const payments::ChainHead& head : report->heads)
    fmt::print("{}\n", payments::ExportHead(head));
  fmt::print("{} books, {} batches, {} journals, {} transfers: {}\n", report->books,
             report->batches, report->journals, report->transfers,
             report->Clean() ? "no findings" : fmt::format("{} findings", report->findings.size()));
  return report->ExitCode();
}

int RunLedgerExport(const StoreOptions& options, const std::string& text) {
  SystemClock clock;
  const StatusOr<BookId> book = BookId::Parse(text);
  if (!book.ok()) return Fail(book.status());
  const StatusOr<Store> store = Store::Open(options, clock);
  if (!store.ok()) return Fail(store.status());
  const StatusOr<PayerId> owner = OwnerOf(*store, *book);
  if (!owner.ok()) return Fail(owner.status());
  const Status status =
      payments::ExportPlainText(store->Verify().ForPayer(*owner), *book, std::cout);
  return status.ok() ? 0 : Fail(status);
}

}  // namespace sluice::api
