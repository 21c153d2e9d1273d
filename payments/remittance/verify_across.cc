// The checks that compare files with each other and with the ledger's control file.
#include <algorithm>
#include <iterator>
#include <unordered_map>

#include "core/calendar.h"
#include "payments/remittance/cycle_files.h"
#include "payments/remittance/verify_parts.h"

namespace sluice::payments {
namespace {

std::optional<Date> CompactDate(std::string_view field) {
  const auto date = ParseDate(field);
  return date.ok() ? std::optional(*date) : std::nullopt;
}

// Whether `name` is what an ACH field of `width` may show of the approved name, told without the
// writer's transliteration: the letters and digits of the name appear in order, until the field is
// full.
bool ShowsName(std::string_view shown, std::string_view name, std::size_t width) {
  std::size_t at = 0;
  for (char c : name) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) continue;
    const std::size_t found = shown.find(c, at);
    if (found == shown.npos) return shown.size() + 3 >= width;  // cut at the field's end
    // Between two letters of the name only blanks, signs and folded accents may stand.
    if (found - at > 8) return false;
    at = found + 1;
  }
  return at > 0 && shown.size() - at <= 8;
}

// A name that is broken over two lines gains or loses a blank.
std::string WithoutBlanks(std::string text) {
  std::erase(text, ' ');
  return text;
}

template <typename T>
using ByKey = std::unordered_map<std::string_view, std::vector<const T*>>;

class Across {
 public:
  explicit Across(const VerifiedDirectory& directory) : directory_(directory) {}

  std::vector<Finding> Run() {
    Index();
    CheckUnique();
    CheckEntries();
    CheckRemittances();
    CheckStatements();
    if (directory_.tables.has_control) {
      CheckControls();
    } else {
      Add(27, kCycleControlName, 0,
          "the ledger's control file is missing: nothing can be tied to the ledger");
    }
    std::ranges::move(CheckReport(directory_), std::back_inserter(findings_));
    return std::move(findings_);
  }

 private:
  template <typename... Args>
  void Add(int check, std::string_view file, std::size_t place, fmt::format_string<Args...> format,
           Args&&... args) {
    findings_.push_back(
        {check, std::string(file), place, fmt::format(format, std::forward<Args>(args)...), false});
  }

  void Index() {
    for (const VerifiedEntry& entry : directory_.entries) {
      if (!entry.offset) entries_[entry.key].push_back(&entry);
    }
    for (const VerifiedRemittance& item : directory_.remittances) {
      remittances_[item.remittance.trn].push_back(&item);
    }
    for (const ReadControl& row : directory_.tables.controls) controls_[row.key].push_back(&row);
    for (const ReadStatement& statement : directory_.pdf_statements) {
      pdfs_[statement.key].push_back(&statement);
    }
    for (const ReadStatement& statement : directory_.tables.statements) {
      csvs_[statement.key].push_back(&statement);
    }
  }

  void CheckUnique() {
    for (const auto& [key, entries] : entries_) {
      if (entries.size() > 1) {
        Add(20, entries[1]->file, entries[1]->line, "payment {} is also in {}", key,
            entries[0]->file);
      }
    }
    std::unordered_map<std::string_view, const VerifiedEntry*> traces;
    for (const VerifiedEntry& entry : directory_.entries) {
      const auto [known, added] = traces.emplace(entry.trace, &entry);
      if (!added && known->second->file != entry.file) {
        Add(21, entry.file, entry.line, "trace {} is also in {}", entry.trace, known->second->file);
      }
    }
    for (const auto& [trn, items] : remittances_) {
      if (items.size() > 1) {
        Add(39, items[1]->file, items[1]->remittance.segment, "TRN02 {} is also in {}", trn,
            items[0]->file);
      }
    }
    for (const auto& [key, rows] : controls_) {
      if (rows.size() > 1) {
        Add(27, kCycleControlName, rows[1]->line, "payment {} is disbursed twice", key);
      }
    }
  }

  // Entry against its 835 (43 to 46).
  void CheckEntries() {
    for (const VerifiedEntry& entry : directory_.entries) {
      if (entry.offset) continue;
      const auto found = remittances_.find(entry.key);
      if (found == remittances_.end()) {
        if (entry.description == "HCCLAIMPMT") {
          Add(46, entry.file, entry.line, "payment {} is HCCLAIMPMT but has no 835", entry.key);
        }
        continue;
      }
      const VerifiedRemittance& item = *found->second.front();
      const Remittance& remittance = item.remittance;
      const auto mismatch = [&](int check, std::string_view what, std::string_view here,
                                std::string_view there) {
        if (here != there) {
          Add(check, entry.file, entry.line, "payment {}: {} \"{}\" but {} says \"{}\"", entry.key,
              what, here, item.file, there);
        }
      };
      mismatch(43, "addenda", entry.trn, remittance.trn_segment);
      mismatch(44, "amount", entry.amount.ToPlainString(), remittance.amount.ToPlainString());
      mismatch(44, "effective entry date", entry.effective_date,
               remittance.date.size() == 8 ? remittance.date.substr(2) : remittance.date);
      if (IsEin(entry.company_id)) {
        mismatch(44, "company id", entry.company_id, remittance.originator);
      }
      mismatch(45, "routing number", entry.routing_number, remittance.routing_number);
      CheckAccount(entry, item);
      mismatch(45, "account kind", entry.code == "32" ? "SG" : "DA", remittance.account_kind);
      mismatch(45, "format", entry.sec == "CCD" ? "CCP" : entry.sec, remittance.format);
    }
  }

  static bool IsEin(std::string_view id) {
    return id.size() == 10 && id[0] == '1' && AchNumber(id).has_value();
  }

  // A masked account (X instead of digits) has to agree where it shows something.
  void CheckAccount(const VerifiedEntry& entry, const VerifiedRemittance& item) {
    const std::string_view shown = item.remittance.account;
    bool agrees = shown.size() == entry.account.size();
    for (std::size_t i = 0; agrees && i < shown.size(); ++i) {
      const bool masked = shown[i] == 'X' && i + 4 < shown.size();
      agrees = masked || shown[i] == entry.account[i];
    }
    if (!agrees) {
      Add(45, entry.file, entry.line, "payment {}: the account is not the one in {}", entry.key,
          item.file);
    }
  }

  void CheckRemittances() {
    std::unordered_map<std::string, const VerifiedRemittance*> forwarded;
    for (const VerifiedRemittance& item : directory_.remittances) {
      const Remittance& remittance = item.remittance;
      const bool has_entry = entries_.contains(remittance.trn);
      if (remittance.method == "ACH" && !has_entry) {
        Add(46, item.file, remittance.segment, "payment {} is by ACH but no entry has its TRN",
            remittance.trn);
      }
      if (remittance.method == "NON" && has_entry) {
        Add(46, item.file, remittance.segment, "payment {} is NON but has an ACH entry",
            remittance.trn);
      }
      CheckReleaseDate(item);
      CheckForwarded(item, forwarded);
    }
  }

  void CheckReleaseDate(const VerifiedRemittance& item) {
    const auto produced = CompactDate(item.remittance.production_date);
    const auto effective = CompactDate(item.remittance.date);
    if (!produced || !effective) return;
    const int days = BankingDaysBetween(*produced, *effective);
    if (days > 3 || days < -3) {
      Add(47, item.file, item.remittance.segment,
          "payment {}: the 835 of {} is more than 3 business days from its date {}",
          item.remittance.trn, FormatDate(*produced), FormatDate(*effective));
    }
  }

  // FB(+) closes an earlier FB(-) once: the same reference of a payee never twice, never both
  // signs in one transaction.
  void CheckForwarded(const VerifiedRemittance& item,
                      std::unordered_map<std::string, const VerifiedRemittance*>& forwarded) {
    for (const PlbPair& pair : item.remittance.adjustments) {
      if (pair.code != "FB") continue;
      const std::string key = fmt::format("{}|{}|{}", item.remittance.payee_id, pair.reference,
                                          pair.amount > Money() ? "applied" : "forwarded");
      if (!forwarded.emplace(key, &item).second) {
        Add(41, item.file, pair.segment, "balance {} of {} is moved twice", pair.reference,
            item.remittance.payee_id);
      }
    }
  }

  // Statement against 835, line by line (42), and PDF against CSV.
  void CheckStatements() {
    for (const ReadStatement& statement : directory_.tables.statements) {
      CheckAgainstRemittance(statement);
    }
    for (const ReadStatement& statement : directory_.pdf_statements) {
      CheckAgainstRemittance(statement);
      if (pdfs_[statement.key].size() > 1) {
        Add(42, statement.file, statement.place, "payment {} has more than one statement",
            statement.key);
      }
      const auto csv = csvs_.find(statement.key);
      if (csv != csvs_.end()) SameLines(statement, *csv->second.front());
    }
  }

  void CheckAgainstRemittance(const ReadStatement& statement) {
    const auto found = remittances_.find(statement.key);
    if (found == remittances_.end()) return;
    const VerifiedRemittance& item = *found->second.front();
    const std::vector<PlbPair>& pairs = item.remittance.adjustments;
    if (pairs.size() != statement.lines.size()) {
      Add(42, statement.file, statement.place, "payment {}: {} lines but {} has {} PLB pairs",
          statement.key, statement.lines.size(), item.file, pairs.size());
      return;
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const StatementLine* const line = FindLine(statement, pairs[i].reference);
      if (line == nullptr || line->amount != -pairs[i].amount) {
        Add(42, statement.file, statement.place, "payment {}: line {} with {} is not shown",
            statement.key, pairs[i].reference, -pairs[i].amount);
      } else if (!line->plb_code.empty() && line->plb_code != pairs[i].code) {
        Add(41, statement.file, statement.place, "payment {}: line {} is {} here and {} in {}",
            statement.key, pairs[i].reference, line->plb_code, pairs[i].code, item.file);
      }
    }
  }

  static const StatementLine* FindLine(const ReadStatement& statement, std::string_view reference) {
    const auto found = std::ranges::find(statement.lines, reference, &StatementLine::reference);
    return found == statement.lines.end() ? nullptr : &*found;
  }

  void SameLines(const ReadStatement& pdf, const ReadStatement& csv) {
    bool same = pdf.lines.size() == csv.lines.size();
    for (const StatementLine& line : csv.lines) {
      const StatementLine* const shown = FindLine(pdf, line.reference);
      same = same && shown != nullptr && shown->amount == line.amount;
    }
    if (!same) {
      Add(42, pdf.file, pdf.place, "payment {}: its lines are not those of {}", pdf.key, csv.file);
    }
  }

  // Everything against the ledger (17, 19, 27, 28, 42, 46, 47).
  void CheckControls() {
    Money disbursed, credited;
    for (const ReadControl& row : directory_.tables.controls) {
      if (row.method == "ACH") disbursed += row.disbursed;
      CheckControl(row);
    }
    for (const VerifiedEntry& entry : directory_.entries) {
      if (entry.offset) continue;
      credited += entry.amount;
      if (!controls_.contains(entry.key)) {
        Add(27, entry.file, entry.line, "payment {} is not in the ledger", entry.key);
      }
    }
    for (const VerifiedRemittance& item : directory_.remittances) {
      if (!controls_.contains(item.remittance.trn)) {
        Add(46, item.file, item.remittance.segment, "payment {} is not in the ledger",
            item.remittance.trn);
      }
    }
    for (const auto* statements :
         {&directory_.pdf_statements, &directory_.tables.statements, &directory_.tables.rosters}) {
      for (const ReadStatement& statement : *statements) CheckShown(statement);
    }
    if (disbursed != credited) {
      Add(47, kCycleControlName, 0, "the ledger disbursed {} but the ACH entries carry {}",
          disbursed, credited);
    }
  }

  void CheckControl(const ReadControl& row) {
    const auto problem = [&](int check, const std::string& message) {
      Add(check, kCycleControlName, row.line, "payment {}: {}", row.key, message);
    };
    const auto entry = entries_.find(row.key);
    if (row.method == "ACH") {
      if (entry == entries_.end()) {
        problem(27, "disbursed but in no ACH file");
      } else {
        CheckControlEntry(row, *entry->second.front());
      }
    } else if (entry != entries_.end()) {
      problem(27, "not by ACH, but an ACH entry exists");
    } else if (row.disbursed.IsZero() == (row.method == "CHK")) {
      problem(27, row.method == "CHK" ? "a check of zero" : "disbursed without a payment");
    }
    const auto remittance = remittances_.find(row.key);
    if (row.has_835 != (remittance != remittances_.end())) {
      problem(46, row.has_835 ? "its 835 is missing" : "has an 835 that nobody ordered");
    } else if (row.has_835) {
      CheckControlRemittance(row, *remittance->second.front());
    }
    const auto pdf = pdfs_.find(row.key);
    if (pdf == pdfs_.end()) {
      problem(42, "its statement is missing");
    } else if (!row.statement_file.empty() && pdf->second.front()->file != row.statement_file) {
      problem(42, "its statement is in " + pdf->second.front()->file);
    }
  }

  void CheckControlEntry(const ReadControl& row, const VerifiedEntry& entry) {
    const auto problem = [&](int check, const std::string& message) {
      Add(check, entry.file, entry.line, "payment {}: {}", row.key, message);
    };
    if (entry.amount != row.disbursed) {
      problem(28,
              fmt::format("amount {} but the ledger disbursed {}", entry.amount, row.disbursed));
    }
    if (!ShowsName(entry.name, row.payee, ach::kReceiverName.length)) {
      problem(19, fmt::format("receiver \"{}\" is not the approved \"{}\"", entry.name, row.payee));
    }
    if (entry.routing_number != row.routing_number ||
        !entry.account.ends_with(row.account_ending)) {
      problem(17, "the account is not the approved one");
    }
    if ((entry.code == "32") != (row.account_kind == "SAVINGS")) {
      problem(11,
              fmt::format("transaction code {} for a {} account", entry.code, row.account_kind));
    }
    if ((entry.sec == "PPD") != (row.payee_kind == "PERSON")) {
      problem(11, fmt::format("{} for a payee of kind {}", entry.sec, row.payee_kind));
    }
    if (entry.effective_date != FormatDateSixDigits(row.date)) {
      problem(28, fmt::format("effective entry date {} but {} is approved", entry.effective_date,
                              FormatDate(row.date)));
    }
    if (!row.ach_file.empty() && entry.file != row.ach_file) {
      problem(28, "it should be in " + row.ach_file);
    }
  }

  void CheckControlRemittance(const ReadControl& row, const VerifiedRemittance& item) {
    const Remittance& remittance = item.remittance;
    const auto problem = [&](int check, const std::string& message) {
      Add(check, item.file, remittance.segment, "payment {}: {}", row.key, message);
    };
    if (remittance.amount != row.disbursed) {
      problem(47, fmt::format("BPR02 {} but the ledger disbursed {}", remittance.amount,
                              row.disbursed));
    }
    if (remittance.method != (row.method == "NONE" ? "NON" : row.method)) {
      problem(46, fmt::format("BPR04 {} but the payment is {}", remittance.method, row.method));
    }
    if (remittance.date != FormatDateCompact(row.date)) {
      problem(44,
              fmt::format("BPR16 {} but {} is approved", remittance.date, FormatDate(row.date)));
    }
    if (!ShowsName(remittance.payee_name, row.payee, 60)) {
      problem(42, fmt::format("payee \"{}\" is not the approved \"{}\"", remittance.payee_name,
                              row.payee));
    }
    if (!row.x12_file.empty() && item.file != row.x12_file) {
      problem(46, "it should be in " + row.x12_file);
    }
  }

  void CheckShown(const ReadStatement& statement) {
    const auto found = controls_.find(statement.key);
    if (found == controls_.end()) {
      Add(42, statement.file, statement.place, "payment {} is not in the ledger", statement.key);
      return;
    }
    const ReadControl& row = *found->second.front();
    if (statement.paid != row.disbursed) {
      Add(42, statement.file, statement.place, "payment {}: shows {} but the ledger disbursed {}",
          statement.key, statement.paid, row.disbursed);
    }
    if (statement.date != FormatDate(row.date) && statement.date != FormatDateLong(row.date)) {
      Add(42, statement.file, statement.place, "payment {}: shows date {} but {} is approved",
          statement.key, statement.date, FormatDate(row.date));
    }
    if (row.method == "ACH" && statement.account_ending != row.account_ending) {
      Add(42, statement.file, statement.place, "payment {}: shows another account", statement.key);
    }
    if (WithoutBlanks(statement.payee) != WithoutBlanks(row.payee)) {
      Add(42, statement.file, statement.place, "payment {}: shows payee \"{}\", approved is \"{}\"",
          statement.key, statement.payee, row.payee);
    }
    const auto entry = entries_.find(statement.key);
    const std::string_view trace =
        entry == entries_.end() ? std::string_view() : entry->second.front()->trace;
    if (statement.trace_number != trace) {
      Add(42, statement.file, statement.place,
          "payment {}: shows trace number \"{}\", its ACH entry has \"{}\"", statement.key,
          statement.trace_number, trace);
    }
  }

  const VerifiedDirectory& directory_;
  std::vector<Finding> findings_;
  ByKey<VerifiedEntry> entries_;
  ByKey<VerifiedRemittance> remittances_;
  ByKey<ReadControl> controls_;
  ByKey<ReadStatement> pdfs_;
  ByKey<ReadStatement> csvs_;
};

}  // namespace

std::vector<Finding> CheckAcross(const VerifiedDirectory& directory) {
  return Across(directory).Run();
}

}  // namespace sluice::payments
