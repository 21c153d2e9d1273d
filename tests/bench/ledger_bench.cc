// sluice_bench ledger: a durable server of its own, every key, check and the hash chain on.
//
//   hot pool: journals of one transfer each, all between two accounts
//   release:  journals of one payee each: recognize, withhold, disburse (4 transfers)
//   floor:    binary COPY of the very rows that the hot pool wrote to payments.transfer, into a
//             table without keys, checks or indexes, committed as often
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "core/pg/embedded.h"
#include "core/pg/migrate.h"
#include "payments/ledger/events.h"
#include "payments/ledger/ledger.h"
#include "tests/bench/bench.h"

namespace sluice::bench {
namespace {

using namespace sluice::payments;  // the bench speaks the ledger's language throughout

struct Options {
  int rounds = 5;
  int batches = 10;
  int payees = 2'000;
  std::string directory;
  bool durable = true;
};

const PayerId kPayer(1);
const BookId kBook(1);
const ProgramId kProgram(1);
const PoolId kPool(1);
const RunId kRun(1);
const ContractId kContract(1);
const PaymentFileId kFile(1);
const BankAccountId kBank(1);
const Date kDay = MakeDate(2026, 10, 1);

constexpr pg::Query kPayerRow{"bench_payer", R"sql(
  INSERT INTO core.payer (payer_id, name, tin) VALUES ($1, 'Bench', '123456789')
)sql"};
constexpr pg::Query kProgramRow{"bench_program", R"sql(
  INSERT INTO performance.program (program_id, payer_id, name, stream, lan_category, book_id,
    created_at)
  VALUES ($1, $2, 'bench', 'QI', '2C', $3, $4)
)sql"};
constexpr pg::Query kBookRow{"bench_book", R"sql(
  INSERT INTO payments.book (book_id, payer_id, program_id, kind) VALUES ($1, $2, $3, 0)
)sql"};
constexpr pg::Query kPlainTable{"bench_plain", R"sql(
  CREATE TABLE payments.bench_plain (LIKE payments.transfer)
)sql"};
constexpr pg::Query kPlainCopy{"bench_copy", R"sql(
  COPY payments.bench_plain (book_id, batch_seq, debit_account_id, credit_account_id, amount_cents,
    position, journal_ordinal, effective_date, kind, event) FROM STDIN (FORMAT binary)
)sql"};
constexpr pg::Query kSizes{"bench_sizes", R"sql(
  SELECT pg_total_relation_size('payments.transfer') / GREATEST(1, (
    SELECT count(*) FROM payments.transfer))
)sql"};

class LedgerBench {
 public:
  explicit LedgerBench(const Options& options) : options_(options), ledger_(clock_) {}

  Status Run() {
    RETURN_IF_ERROR(SetUp());
    std::printf("%d rounds of %d batches of %d transfers; durable: %s\n", options_.rounds,
                options_.batches, kMaxBatchTransfers, options_.durable ? "yes" : "no");
    RETURN_IF_ERROR(PostHot(1).status());  // opens the accounts and warms the caches
    for (int round = 0; round < options_.rounds; ++round) {
      RETURN_IF_ERROR(Measure(copy_, [&] { return Copy(); }));
      RETURN_IF_ERROR(Measure(hot_, [&] { return PostHot(options_.batches); }));
      RETURN_IF_ERROR(Measure(release_, [&] { return PostRelease(options_.batches); }));
    }
    Print();
    return OkStatus();
  }

 private:
  Status SetUp() {
    pg::EmbeddedOptions server;
    server.directory = options_.directory;
    server.durable = options_.durable;
    ASSIGN_OR_RETURN(server_, pg::EmbeddedServer::Start(server));
    ASSIGN_OR_RETURN(admin_, pg::Database::Open(server_->Admin()));
    RETURN_IF_ERROR(pg::Migrate(*admin_, pg::EmbeddedMigrations(), clock_.Now()).status());
    ASSIGN_OR_RETURN(const auto app, pg::Database::Open(server_->App()));
    app_ = app.ForPayer(kPayer);
    return admin_->Transact([&](pg::Transaction& tx) -> Status {
      tx.Execute(kPayerRow, kPayer);
      tx.Execute(kProgramRow, kProgram, kPayer, kBook, clock_.Now());
      tx.Execute(kBookRow, kBook, kPayer, kProgram);
      tx.Execute(kPlainTable);
      return OkStatus();
    });
  }

  // Rates by the clock, and the processor time that a unit took on either side, least of the
  // rounds: other work on the machine only ever adds to it.
  struct Measured {
    Rates rates;
    double own_cpu = 1e9;
    double server_cpu = 1e9;

    std::string FormatCpu(std::string_view what) const {
      return fmt::format("{}: processor time per transfer: client {:.1f} us, server {:.1f} us",
                         what, own_cpu, server_cpu);
    }
  };

  template <typename Work>
  Status Measure(Measured& measured, const Work& work) {
    const std::int64_t start = NowMicros();
    const std::int64_t own = OwnCpuMicros();
    const std::int64_t server = ServerCpuMicros(server_->ProcessId());
    ASSIGN_OR_RETURN(const std::int64_t units, work());
    measured.rates.Add(units, NowMicros() - start);
    const auto each = [&](std::int64_t micros) {
      return static_cast<double>(micros) / static_cast<double>(units);
    };
    measured.own_cpu = std::min(measured.own_cpu, each(OwnCpuMicros() - own));
    measured.server_cpu =
        std::min(measured.server_cpu, each(ServerCpuMicros(server_->ProcessId()) - server));
    return OkStatus();
  }

  JournalHeader NextHeader() {
    const std::string part = std::to_string(++number_);
    JournalHeader header;
    header.id = DerivedUuid("bench", std::span(&part, 1));
    header.source_id = number_;
    header.actor = UserId(1);
    header.effective_date = kDay;
    return header;
  }

  StatusOr<std::int64_t> PostAll(const std::vector<Journal>& journals) {
    ASSIGN_OR_RETURN(const auto results, ledger_.Post(*app_, kBook, journals));
    RETURN_IF_ERROR(RequireAccepted(results));
    std::int64_t transfers = 0;
    for (const PostResult& result : results) transfers += result.line_count;
    return transfers;
  }

  // One call for all batches, as a service that has them does: the next batch is checked and hashed
  // while the server posts one.
  StatusOr<std::int64_t> PostHot(int batches) {
    std::vector<Journal> journals;
    journals.reserve(static_cast<std::size_t>(batches * kMaxBatchTransfers));
    for (int i = 0; i < batches * kMaxBatchTransfers; ++i) {
      journals.push_back(MakeJournal(
          NextHeader(), FundPool(BankSuspenseAccount(kBank), kPool, Money::FromCents(100'000))));
    }
    return PostAll(journals);
  }

  // Two parts of work that are not measured apart: funding the run is one journal per batch.
  StatusOr<std::int64_t> PostRelease(int batches) {
    const Funding funding{kPool, kRun};
    constexpr int kLines = 4;
    std::int64_t posted = 0;
    for (int batch = 0; batch < batches; ++batch) {
      const int payees = kMaxBatchTransfers / kLines - 1;
      const Money total = Money::FromCents(payees * 1'000);
      std::vector<Journal> journals;
      const JournalHeader hold = NextHeader();
      journals.push_back(MakeJournal(hold, ApproveHold(kPool, kRun, total, std::nullopt)));
      journals.push_back(
          MakeJournal(NextHeader(), ReleaseHold(kPool, kRun, total, HoldRef{hold.id, 1})));
      journals.push_back(MakeJournal(NextHeader(), AccrueAward(kProgram, kContract, total)));
      for (int i = 0; i < payees; ++i) {
        const PayeeId payee(1 + (batch * payees + i) % options_.payees);
        journals.push_back(MakeJournal(
            NextHeader(), Join({Recognize(kContract, payee, funding, Money::FromCents(1'000)),
                                Withhold(payee, 2026, Money::FromCents(100)),
                                Disburse(payee, kFile, Money::FromCents(900))})));
      }
      ASSIGN_OR_RETURN(const std::int64_t transfers, PostAll(journals));
      posted += transfers;
    }
    return posted;
  }

  // The rows of the hot pool, batch by batch.
  StatusOr<std::int64_t> Copy() {
    std::int64_t rows = 0;
    for (int batch = 0; batch < options_.batches; ++batch) {
      ASSIGN_OR_RETURN(const std::int64_t copied,
                       admin_->Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
                         pg::CopyWriter copy = tx.CopyIn(kPlainCopy, 10);
                         for (int i = 1; i <= kMaxBatchTransfers; ++i) {
                           copy.AddRow(kBook, std::int64_t{batch}, kAccountsPerBatch + 1,
                                       kAccountsPerBatch + 2, Money::FromCents(100'000), i, i, kDay,
                                       std::int16_t{0},
                                       static_cast<std::int16_t>(Event::kFundPool));
                         }
                         return copy.Finish();
                       }));
      rows += copied;
    }
    return rows;
  }

  void Print() {
    const auto size = admin_->Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
      return tx.Query(kSizes).One<std::int64_t>();
    });
    std::printf("%s\n", copy_.rates.Format("floor, plain COPY", "rows/s").c_str());
    std::printf("%s\n", hot_.rates.Format("ledger, hot pool", "transfers/s").c_str());
    std::printf("%s\n", release_.rates.Format("ledger, release", "transfers/s").c_str());
    std::printf("%s\n", hot_.FormatCpu("ledger, hot pool").c_str());
    std::printf("%s\n", release_.FormatCpu("ledger, release").c_str());
    const double hot = hot_.rates.Median();
    std::printf("hot pool / floor: %.3f; goal 25,000 transfers/s: %s\n", hot / copy_.rates.Median(),
                hot >= 25'000 ? "met" : "missed");
    if (size.ok()) std::printf("bytes per transfer, table and indexes: %ld\n", *size);
  }

  Options options_;
  SystemClock clock_;
  Ledger ledger_;
  std::unique_ptr<pg::EmbeddedServer> server_;
  std::optional<pg::Database> admin_;
  std::optional<pg::Database> app_;
  std::int64_t number_ = 0;
  Measured copy_;
  Measured hot_;
  Measured release_;
};

}  // namespace

int BenchLedger(int argc, char** argv) {
  Options options;
  CLI::App app("Transfers per second through the ledger, beside a plain COPY", "ledger");
  app.add_option("--rounds", options.rounds, "Rounds")->check(CLI::Range(1, 100));
  app.add_option("--batches", options.batches, "Batches per round")->check(CLI::Range(1, 1000));
  app.add_option("--payees", options.payees, "Payees of the release")->check(CLI::PositiveNumber);
  app.add_option("--dir", options.directory, "An empty directory for the server");
  app.add_flag("!--no-fsync", options.durable, "Not durable: for profiling only");
  CLI11_PARSE(app, argc, argv);
  const bool temporary = options.directory.empty();
  if (temporary) options.directory = fmt::format("/tmp/sluice-bench-{}", getpid());
  Status status = OkStatus();
  {
    LedgerBench bench(options);
    status = bench.Run();
  }
  if (temporary) std::filesystem::remove_all(options.directory);
  if (status.ok()) return 0;
  std::fprintf(stderr, "sluice_bench ledger: %s\n", StatusMessage(status).c_str());
  return 1;
}

}  // namespace sluice::bench
