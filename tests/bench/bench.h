// Sub-commands of sluice_bench. Each measures one thing beside its floor, in the same run on the
// same machine, and prints rounds, median and spread. Never run by ctest: a busy machine proves
// nothing.
//
// A sub-command takes the arguments after its name, argv[0] being the name, and returns the exit
// code. To add one: declare it here, list it in the table of bench_main.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::bench {

// Transfers per second through the ledger, beside a plain binary COPY of the same rows.
int BenchLedger(int argc, char** argv);

// Writing and verifying an ACH file of 500,000 entries, beside a memory copy of the file.
int BenchAch(int argc, char** argv);

// Writing and verifying the 835 of 100,000 payments, beside a memory copy of the same bytes.
int BenchRemittance835(int argc, char** argv);

// A payment cycle released, and part of its payments returned, beside plain COPYs of the same rows
// and a memory copy of the same files.
int BenchRelease(int argc, char** argv);

// Affiliations per second through HierarchyService::Apply, beside a plain COPY of the same rows.
int BenchImport(int argc, char** argv);

// Shares per second through ProgramService::Calculate, beside Settle on inputs in memory.
int BenchCalculate(int argc, char** argv);

// Capitation and quality of millions of members, from their facts to stored awards, beside a bare
// COPY of the facts and beside the same result by SQL.
int BenchCycle(int argc, char** argv);

// What the rounds of one measurement gave, in units per second.
class Rates {
 public:
  void Add(std::int64_t units, std::int64_t micros);
  double Median() const;
  // (largest - smallest) / median; above 0.10 the claim is void.
  double Spread() const;
  // "ledger: 31,204 transfers/s (median of 5 rounds, spread 4.1 %)".
  std::string Format(std::string_view what, std::string_view unit) const;

 private:
  std::vector<double> rates_;
};

// Microseconds of a clock that only goes forward.
std::int64_t NowMicros();

// The most memory that the process ever had, in megabytes.
std::int64_t PeakMegabytes();

// Processor time used so far, in microseconds: on a machine with other work it says more than the
// clock does.
std::int64_t OwnCpuMicros();
// The same of all processes that a database server has started and that still run.
std::int64_t ServerCpuMicros(int postmaster);

}  // namespace sluice::bench
