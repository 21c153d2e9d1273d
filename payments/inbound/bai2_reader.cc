#include "payments/inbound/bai2_reader.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::payments {
namespace {

constexpr std::size_t kMaxFaults = 300;
constexpr std::size_t kMaxLogicalRecord = 1 << 20;
constexpr std::array<std::string_view, 8> kRecordCodes = {"01", "02", "03", "16",
                                                          "88", "49", "98", "99"};

bool IsDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view TrimRight(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r");
  return last == text.npos ? std::string_view() : text.substr(0, last + 1);
}

std::string_view Trim(std::string_view text) {
  text = TrimRight(text);
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text;
}

// Whether a record starts here: one of the codes and its comma.
bool StartsRecord(std::string_view text) {
  return text.size() >= 3 && text[2] == ',' &&
         std::ranges::find(kRecordCodes, text.substr(0, 2)) != kRecordCodes.end();
}

std::optional<std::int64_t> Number(std::string_view text) {
  bool negative = false;
  if (text.starts_with('+') || text.starts_with('-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (!IsDigits(text)) return std::nullopt;
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  if (text.size() > 15) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return negative ? -value : value;
}

std::optional<Date> SixDigits(std::string_view text) {
  if (text.size() != 6 || !IsDigits(text)) return std::nullopt;
  const auto date = ParseDate("20" + std::string(text));
  if (!date.ok()) return std::nullopt;
  return *date;
}

std::string LastFour(std::string_view text) {
  return std::string(text.size() > 4 ? text.substr(text.size() - 4) : text);
}

// A record as it stands in the file, and the one that it makes with its 88s.
struct Piece {
  std::size_t line = 0;
  std::string_view code;
  std::string body;  // after the code and its comma, without the terminator
  bool terminated = false;
};
struct Logical {
  std::string_view code;
  std::size_t line = 0;
  std::vector<Piece> pieces;
  std::size_t size = 0;
};

// The fields of a logical record. `join_commas` decides what a comma before a terminator means
// where an 88 follows: an empty field (the standard), or just the end (as some banks write it).
std::vector<std::string_view> FieldsOf(const Logical& record, bool drop_last_comma) {
  std::vector<std::string_view> fields;
  for (std::size_t i = 0; i < record.pieces.size(); ++i) {
    std::string_view rest = record.pieces[i].body;
    const bool last = i + 1 == record.pieces.size();
    if (!last && drop_last_comma && rest.ends_with(',')) rest.remove_suffix(1);
    for (;;) {
      const std::size_t at = rest.find(',');
      fields.push_back(Trim(rest.substr(0, at)));
      if (at == rest.npos) break;
      rest.remove_prefix(at + 1);
    }
  }
  return fields;
}

// Takes fields one after the other.
class Fields {
 public:
  explicit Fields(std::vector<std::string_view> fields) : fields_(std::move(fields)) {}

  std::string_view Next() { return at_ < fields_.size() ? fields_[at_++] : std::string_view(); }
  bool AllBlank() const {
    for (std::size_t i = at_; i < fields_.size(); ++i) {
      if (!fields_[i].empty()) return false;
    }
    return true;
  }

 private:
  std::vector<std::string_view> fields_;
  std::size_t at_ = 0;
};

// The funds type and what it brings. Empty message when it is well formed.
std::string ReadFunds(Fields& fields, Bai2Funds& funds) {
  const std::string_view type = fields.Next();
  if (type.empty()) return {};
  if (type.size() != 1 || std::string_view("012SVDZ").find(type[0]) == std::string_view::npos) {
    return fmt::format("\"{}\" is not a funds type", type);
  }
  funds.type = type[0];
  const auto amount = [&](std::int64_t days) -> std::string {
    const std::string_view text = fields.Next();
    const auto cents = text.empty() ? std::optional<std::int64_t>(0) : Number(text);
    if (!cents) return fmt::format("\"{}\" is not an amount of the funds type", text);
    funds.parts.push_back({days, Money::FromCents(*cents)});
    return {};
  };
  if (funds.type == 'S') {
    for (const std::int64_t days : {0, 1, 2}) {
      if (std::string wrong = amount(days); !wrong.empty()) return wrong;
    }
  } else if (funds.type == 'V') {
    const std::string_view date = fields.Next();
    funds.value_date = SixDigits(date);
    if (!date.empty() && !funds.value_date) return fmt::format("\"{}\" is not a value date", date);
    const std::string_view time = fields.Next();
    if (!time.empty() && (time.size() != 4 || !IsDigits(time))) {
      return fmt::format("\"{}\" is not a value time", time);
    }
  } else if (funds.type == 'D') {
    const std::string_view count_text = fields.Next();
    const auto count = Number(count_text);
    if (!count || *count < 0 || *count > 99) {
      return fmt::format("\"{}\" is not a number of distributions", count_text);
    }
    for (std::int64_t i = 0; i < *count; ++i) {
      const std::string_view days_text = fields.Next();
      const auto days = Number(days_text);
      if (!days || *days < 0) return fmt::format("\"{}\" is not a number of days", days_text);
      if (std::string wrong = amount(*days); !wrong.empty()) return wrong;
    }
  }
  return {};
}

class Reader {
 public:
  explicit Reader(Bai2File& file) : file_(file) {}

  void Read(std::string_view bytes) {
    Lines(bytes);
    Finish(open_);
    if (!seen_header_) Stop(1, "no_file_header", "the file does not begin with an 01 record");
    if (seen_header_ && !closed_) {
      Stop(line_, "no_file_trailer", "the file ends without its 99 record: it was cut");
    }
  }

 private:
  void Stop(std::size_t record, std::string code, std::string message, std::size_t position = 0) {
    Add(FaultScope::kFile, record, std::move(code), std::move(message), position);
  }
  void Add(FaultScope scope, std::size_t record, std::string code, std::string message,
           std::size_t position = 0) {
    if (file_.faults.size() >= kMaxFaults && scope < FaultScope::kFile) return;
    if (file_.faults.size() >= 2 * kMaxFaults) return;
    file_.faults.push_back({.scope = scope,
                            .code = std::move(code),
                            .rule = "BAI2: FORMATS 10.2, format check 49",
                            .record = record,
                            .position = position,
                            .message = std::move(message),
                            .advice = scope == FaultScope::kDeviation
                                          ? "nothing: written down so that the bank can be told"
                                          : "ask the bank for a corrected file; keep this one"});
  }

  void Lines(std::string_view bytes) {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    if (bytes.starts_with(kMark)) {
      Add(FaultScope::kDeviation, 1, "byte_order_mark", "the file starts with a byte order mark");
      bytes.remove_prefix(kMark.size());
    }
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      std::string_view line = bytes.substr(0, end);
      bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 1);
      ++line_;
      line = TrimRight(line);
      if (line.size() > kMaxBai2Line) {
        Stop(line_, "line_too_long",
             fmt::format("the line has {} bytes; {} are allowed", line.size(), kMaxBai2Line));
        continue;
      }
      std::string printable(line);
      std::ranges::replace_if(
          printable, [](char c) { return c < ' ' || c > '~'; }, '?');
      if (const auto bad = std::ranges::mismatch(printable, line); bad.in1 != printable.end()) {
        Add(FaultScope::kDeviation, line_, "invalid_character", "a byte outside 20-7E reads as ?",
            static_cast<std::size_t>(bad.in1 - printable.begin()) + 1);
      }
      if (!printable.empty()) Line(printable);
    }
  }

  // The records of one line.
  void Line(std::string_view line) {
    if (!StartsRecord(line)) {
      RunOn(line);
      return;
    }
    while (!line.empty()) {
      std::size_t end = line.npos;
      for (std::size_t at = line.find('/'); at != line.npos; at = line.find('/', at + 1)) {
        if (StartsRecord(Trim(line.substr(at + 1)))) {
          end = at;
          break;
        }
      }
      std::string_view body = line.substr(3, end == line.npos ? line.npos : end - 3);
      bool terminated = end != line.npos;
      if (!terminated && body.ends_with('/')) {
        body.remove_suffix(1);
        terminated = true;
      }
      const std::string_view code = *std::ranges::find(kRecordCodes, line.substr(0, 2));
      Record({line_, code, std::string(body), terminated});
      line = end == line.npos ? std::string_view() : Trim(line.substr(end + 1));
    }
  }

  // Text of a 16 that goes on without an 88.
  void RunOn(std::string_view line) {
    if (open_.code != "16" || open_.pieces.empty() || open_.pieces.back().terminated) {
      Stop(line_, "unknown_record",
           "the line begins with none of the codes 01 02 03 16 88 49 98 99");
      return;
    }
    Add(FaultScope::kDeviation, line_, "text_without_88", "text goes on without an 88 record");
    if ((open_.size += line.size()) > kMaxLogicalRecord) {
      Stop(line_, "record_too_long", "a record runs on for more than a megabyte");
      return;
    }
    std::string& body = open_.pieces.back().body;
    const bool terminated = line.ends_with('/');
    if (terminated) line.remove_suffix(1);
    body += ' ';
    body += line;
    open_.pieces.back().terminated = terminated;
  }

  void Record(Piece piece) {
    ++records_in_file_;
    if (piece.code == "88") {
      if (open_.pieces.empty()) {
        Stop(piece.line, "continuation_of_nothing", "an 88 record continues no record");
        return;
      }
      if ((open_.size += piece.body.size()) > kMaxLogicalRecord) {
        Stop(piece.line, "record_too_long", "a record runs on for more than a megabyte");
        return;
      }
      open_.pieces.push_back(std::move(piece));
      return;
    }
    Finish(std::exchange(open_, {}));
    open_ = {.code = piece.code, .line = piece.line, .pieces = {}, .size = piece.body.size()};
    open_.pieces.push_back(std::move(piece));
  }

  // A record with all its continuations.
  void Finish(const Logical& record) {
    if (record.pieces.empty()) return;
    const auto pieces = static_cast<std::int64_t>(record.pieces.size());
    if (closed_) {
      Stop(record.line, "record_after_end", "a record after the 99 record");
      return;
    }
    if (!seen_header_ && record.code != "01") {
      if (!told_no_header_) Stop(record.line, "no_file_header", "a record before the 01 record");
      told_no_header_ = true;
      return;
    }
    group_records_ += pieces;
    if (record.code == "01") {
      FileHeader(record);
    } else if (record.code == "02") {
      GroupHeader(record);
    } else if (record.code == "03" || record.code == "16") {
      InAccount(record, pieces);
    } else if (record.code == "49") {
      AccountTrailer(record, pieces);
    } else if (record.code == "98") {
      GroupTrailer(record);
    } else {
      FileTrailer(record);
    }
  }

  void FileHeader(const Logical& record) {
    if (std::exchange(seen_header_, true)) {
      Stop(record.line, "second_file_header", "a second 01 record");
      return;
    }
    Fields fields(FieldsOf(record, false));
    file_.sender = fields.Next();
    file_.receiver = fields.Next();
    file_.created = fields.Next();
    if (!SixDigits(file_.created)) {
      Stop(record.line, "creation_date", fmt::format("\"{}\" is not a date", file_.created));
    }
    fields.Next();  // time
    file_.file_id = fields.Next();
    fields.Next();  // record length
    fields.Next();  // block size
    if (const std::string_view version = fields.Next(); version != "2") {
      Stop(record.line, "version", fmt::format("version \"{}\", must be 2", version));
    }
  }

  void GroupHeader(const Logical& record) {
    if (in_group_) Stop(record.line, "no_group_trailer", "the group before has no 98 record");
    in_group_ = true;
    group_total_ = 0;
    group_accounts_ = 0;
    group_records_ = static_cast<std::int64_t>(record.pieces.size());
    Bai2Group group{.record = record.line};
    Fields fields(FieldsOf(record, false));
    group.receiver = fields.Next();
    group.originator = fields.Next();
    const std::string_view status = fields.Next();
    if (status.size() != 1 || status[0] < '1' || status[0] > '4') {
      Stop(record.line, "group_status", fmt::format("\"{}\" is not a group status 1 to 4", status));
    } else {
      group.status = status[0];
    }
    const std::string_view as_of = fields.Next();
    group.as_of = SixDigits(as_of);
    if (!group.as_of) {
      Stop(record.line, "as_of_date", fmt::format("\"{}\" is not an as-of date", as_of));
    }
    fields.Next();  // time
    group.currency = fields.Next();
    const std::string_view modifier = fields.Next();
    if (modifier.size() == 1 && modifier[0] >= '1' && modifier[0] <= '4') {
      group.modifier = modifier[0];
    } else if (!modifier.empty()) {
      Stop(record.line, "as_of_modifier",
           fmt::format("\"{}\" is not an as-of modifier 1 to 4", modifier));
    }
    file_.groups.push_back(std::move(group));
  }

  // Kept until its 49: only the total tells what a comma before a terminator meant.
  void InAccount(const Logical& record, std::int64_t pieces) {
    if (!in_group_) {
      Stop(record.line, "no_group_header", "an account outside a group");
      return;
    }
    if (record.code == "03") {
      if (!account_.empty()) {
        Stop(record.line, "no_account_trailer", "the account before has no 49 record");
      }
      account_.clear();
      account_records_ = 0;
    } else if (account_.empty()) {
      Stop(record.line, "no_account", "a 16 record outside an account");
      return;
    }
    account_.push_back(record);
    account_records_ += pieces;
  }

  void AccountTrailer(const Logical& record, std::int64_t pieces) {
    if (account_.empty()) {
      Stop(record.line, "no_account", "a 49 record without an account");
      return;
    }
    account_records_ += pieces;
    Fields fields(FieldsOf(record, false));
    const std::string_view total_text = fields.Next();
    const std::string_view count_text = fields.Next();
    const auto total = Number(total_text);
    std::vector<InboundFault> faults;
    std::int64_t sum = 0;
    Bai2Account account = Account(false, faults, sum);
    if (total && sum != *total) {
      std::vector<InboundFault> other_faults;
      std::int64_t other_sum = 0;
      Bai2Account other = Account(true, other_faults, other_sum);
      if (other_sum == *total && WorstOf(other_faults) == FaultScope::kDeviation) {
        Add(FaultScope::kDeviation, account.record, "comma_before_terminator",
            "a comma before a terminator ends the record here; it is not an empty field");
        account = std::move(other);
        faults = std::move(other_faults);
        sum = other_sum;
      }
    }
    for (InboundFault& fault : faults) {
      Add(fault.scope, fault.record, std::move(fault.code), std::move(fault.message));
    }
    Compare(record, "account", "total", total_text, sum, 1);
    Compare(record, "account", "record count", count_text, account_records_, 2);
    group_total_ += sum;
    ++group_accounts_;
    account_.clear();
    CheckDirections(account);
    if (!file_.groups.empty()) {
      if (account.currency.empty()) account.currency = file_.groups.back().currency;
      if (account.currency.empty()) account.currency = "USD";
      file_.groups.back().accounts.push_back(std::move(account));
    }
  }

  void Compare(const Logical& record, const char* of, const char* what, std::string_view says,
               std::int64_t counted, std::size_t position) {
    if (Number(says) == counted) return;
    Stop(record.line, "control_totals",
         fmt::format("{} {} says \"{}\" but recounting gives {}", of, what, says, counted),
         position);
  }

  // Control totals do not see which way a line goes: the day's totals and balances do.
  void CheckDirections(Bai2Account& account) {
    Money credits, debits;
    for (const Bai2Line& line : account.lines) {
      if (line.direction == BankDirection::kCredit) credits += line.amount;
      if (line.direction == BankDirection::kDebit) debits += line.amount;
    }
    const auto opening = account.Find("010"), closing = account.Find("015");
    const auto all_credits = account.Find("100"), all_debits = account.Find("400");
    std::string wrong;
    if (all_credits && *all_credits != credits) {
      wrong = fmt::format("the credits add up to {}, the bank's total (100) is {}", credits,
                          *all_credits);
    } else if (all_debits && *all_debits != debits) {
      wrong =
          fmt::format("the debits add up to {}, the bank's total (400) is {}", debits, *all_debits);
    } else if (opening && closing && *opening + credits - debits != *closing) {
      wrong = fmt::format("opening {} + credits {} - debits {} is not closing {}", *opening,
                          credits, debits, *closing);
    }
    if (!wrong.empty()) {
      account.stop_reason = wrong;
      Add(FaultScope::kBatch, account.record, "day_totals", std::move(wrong));
    }
  }

  Bai2Account Account(bool drop_last_comma, std::vector<InboundFault>& faults, std::int64_t& sum) {
    Bai2Account account;
    const auto fault = [&](const Logical& record, FaultScope scope, std::string code,
                           std::string message) {
      faults.push_back({.scope = scope,
                        .code = std::move(code),
                        .record = record.line,
                        .message = std::move(message)});
    };
    for (const Logical& record : account_) {
      if (record.code == "03") {
        account.record = record.line;
        Fields fields(FieldsOf(record, drop_last_comma));
        account.number = AccountNumber(std::string(fields.Next()));
        if (account.number.IsEmpty()) {
          fault(record, FaultScope::kFile, "account_number", "the account number is blank");
        }
        account.currency = fields.Next();
        while (!fields.AllBlank()) {
          Bai2Summary summary;
          if (std::string wrong = ReadSummary(fields, summary, sum); !wrong.empty()) {
            fault(record, FaultScope::kFile, "summary", std::move(wrong));
            break;
          }
          if (!summary.type_code.empty()) account.summaries.push_back(std::move(summary));
        }
      } else {
        Bai2Line line{.record = record.line};
        if (std::string wrong = ReadLine(record, drop_last_comma, line, sum); !wrong.empty()) {
          fault(record, FaultScope::kFile, "detail", std::move(wrong));
        } else if (line.direction == BankDirection::kNone) {
          fault(record, FaultScope::kDeviation, "unknown_type_code",
                fmt::format("type code {} is neither a credit nor a debit: a person books the line",
                            line.type_code));
        }
        account.lines.push_back(std::move(line));
      }
    }
    return account;
  }

  static std::string ReadSummary(Fields& fields, Bai2Summary& summary, std::int64_t& sum) {
    summary.type_code = fields.Next();
    if (summary.type_code.empty()) {
      // Default: no status or summary is reported.
      fields.Next();
      fields.Next();
      fields.Next();
      return {};
    }
    if (summary.type_code.size() != 3 || !IsDigits(summary.type_code)) {
      return fmt::format("\"{}\" is not a type code of three digits", Shown(summary.type_code));
    }
    const std::string_view amount = fields.Next();
    if (!amount.empty()) {
      const auto cents = Number(amount);
      if (!cents) return fmt::format("type {}: the amount is not a number", summary.type_code);
      summary.amount = Money::FromCents(*cents);
      sum += *cents;
    }
    const std::string_view count = fields.Next();
    if (!count.empty()) {
      const auto items = Number(count);
      if (!items)
        return fmt::format("type {}: \"{}\" is not a count", summary.type_code, Shown(count));
      summary.count = *items;
    }
    const std::string wrong = ReadFunds(fields, summary.funds);
    return wrong.empty() ? wrong : fmt::format("type {}: {}", summary.type_code, wrong);
  }

  // The text of a 16 is all that follows its references, commas and slashes included, and what its
  // 88s hold once it has begun.
  static std::string ReadLine(const Logical& record, bool drop_last_comma, Bai2Line& line,
                              std::int64_t& sum) {
    // How many fields come before the text depends on the funds type: find it with a first pass.
    const std::vector<std::string_view> all = FieldsOf(record, drop_last_comma);
    std::size_t before_text = 5;  // type, amount, funds type, bank and customer reference
    const std::string_view funds = all.size() > 2 ? all[2] : std::string_view();
    if (funds == "S") before_text += 3;
    if (funds == "V") before_text += 2;
    if (funds == "D") {
      before_text += 1 + 2 * static_cast<std::size_t>(std::clamp<std::int64_t>(
                                 all.size() > 3 ? Number(all[3]).value_or(0) : 0, 0, 99));
    }
    Fields fields(all);
    line.type_code = fields.Next();
    if (line.type_code.size() != 3 || !IsDigits(line.type_code)) {
      return fmt::format("\"{}\" is not a type code of three digits", Shown(line.type_code));
    }
    line.direction = DirectionOf(line.type_code);
    const std::string_view amount = fields.Next();
    const auto cents = amount.empty() ? std::optional<std::int64_t>(0) : Number(amount);
    if (!cents) return fmt::format("type {}: the amount is not a number", line.type_code);
    sum += *cents;
    // A negative amount is the opposite of what its code says.
    if (*cents < 0) {
      if (line.direction != BankDirection::kNone) {
        line.direction = line.direction == BankDirection::kCredit ? BankDirection::kDebit
                                                                  : BankDirection::kCredit;
      }
    }
    line.amount = Abs(Money::FromCents(*cents));
    if (std::string wrong = ReadFunds(fields, line.funds); !wrong.empty()) {
      return fmt::format("type {}: {}", line.type_code, wrong);
    }
    line.bank_reference = fields.Next();
    line.customer_reference = fields.Next();
    line.text = TextOf(record, before_text, drop_last_comma);
    return {};
  }

  static std::string TextOf(const Logical& record, std::size_t fields_before,
                            bool drop_last_comma) {
    std::string text;
    std::size_t left = fields_before;
    for (std::size_t i = 0; i < record.pieces.size(); ++i) {
      std::string_view rest = record.pieces[i].body;
      const bool last = i + 1 == record.pieces.size();
      if (left > 0 && !last && drop_last_comma && rest.ends_with(',')) rest.remove_suffix(1);
      bool ended = false;  // the piece has no more fields
      while (left > 0 && !ended) {
        const std::size_t at = rest.find(',');
        --left;
        ended = at == rest.npos;
        rest = ended ? std::string_view() : rest.substr(at + 1);
      }
      if (left > 0 || rest.empty()) continue;
      if (!text.empty()) text += ' ';
      text += TrimRight(rest);
    }
    return text;
  }

  static std::string Shown(std::string_view text) {
    return text.size() > 5 ? "*" + LastFour(text) : std::string(text);
  }

  void GroupTrailer(const Logical& record) {
    if (!in_group_) {
      Stop(record.line, "no_group_header", "a 98 record without a group");
      return;
    }
    if (!account_.empty()) {
      Stop(record.line, "no_account_trailer", "the account before has no 49 record");
      account_.clear();
    }
    Fields fields(FieldsOf(record, false));
    Compare(record, "group", "total", fields.Next(), group_total_, 1);
    Compare(record, "group", "account count", fields.Next(), group_accounts_, 2);
    Compare(record, "group", "record count", fields.Next(), group_records_, 3);
    file_total_ += group_total_;
    ++groups_;
    in_group_ = false;
  }

  void FileTrailer(const Logical& record) {
    if (in_group_) Stop(record.line, "no_group_trailer", "the group before has no 98 record");
    Fields fields(FieldsOf(record, false));
    Compare(record, "file", "total", fields.Next(), file_total_, 1);
    Compare(record, "file", "group count", fields.Next(), groups_, 2);
    // The 99 itself was counted when it was read; a record behind it would be another fault.
    Compare(record, "file", "record count", fields.Next(), records_in_file_, 3);
    closed_ = true;
  }

  Bai2File& file_;
  std::size_t line_ = 0;
  Logical open_;
  bool seen_header_ = false, told_no_header_ = false, closed_ = false, in_group_ = false;
  std::vector<Logical> account_;  // 03 and its 16s
  std::int64_t account_records_ = 0;
  std::int64_t group_total_ = 0, group_accounts_ = 0, group_records_ = 0;
  std::int64_t file_total_ = 0, groups_ = 0, records_in_file_ = 0;
};

}  // namespace

BankDirection DirectionOf(std::string_view type_code) {
  if (type_code.size() != 3 || !IsDigits(type_code)) return BankDirection::kNone;
  const int code = static_cast<int>(*Number(type_code));
  if ((code >= 100 && code <= 399) || (code >= 920 && code <= 959)) return BankDirection::kCredit;
  if ((code >= 400 && code <= 699) || code >= 960) return BankDirection::kDebit;
  return BankDirection::kNone;
}

std::optional<Money> Bai2Account::Find(std::string_view type_code) const {
  for (const Bai2Summary& summary : summaries) {
    if (summary.type_code == type_code && summary.amount) return summary.amount;
  }
  return std::nullopt;
}

Bai2File ReadBai2(std::string_view bytes) {
  Bai2File file;
  Reader(file).Read(bytes);
  return file;
}

}  // namespace sluice::payments
