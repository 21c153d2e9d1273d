#include "payments/remittance/x12_writer/remittance_835_writer.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "payments/remittance/ach_writer.h"

namespace sluice::payments {
namespace {

constexpr std::int64_t kMaxControlNumber = 999'999'999;
constexpr std::int64_t kMaxAmountCents = 99'999'999'99;
constexpr std::size_t kPairsPerPlb = 6;

bool IsDigits(std::string_view text, std::size_t length) {
  return text.size() == length &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "14750", "-3500.5": a minus sign only, no trailing zeros (FORMATS section 8.1).
std::string Decimal(Money amount) {
  std::string text = amount.ToPlainString();
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string Padded(std::string_view text, std::size_t length) {
  std::string out(text.substr(0, length));
  out.resize(length, ' ');
  return out;
}

std::string Digits(std::string_view text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c >= '0' && c <= '9'; });
  return out;
}

std::string Cut(std::string text, std::size_t length) {
  if (text.size() > length) text.resize(length);
  return text;
}

// Email addresses are the one text that may hold characters outside the bank's set.
std::string ElectronicAddress(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const bool delimiter = upper == '*' || upper == '~' || upper == ':' || upper == '^';
    if (upper > ' ' && upper < 0x7F && !delimiter) out += upper;
  }
  return out;
}

class Output {
 public:
  explicit Output(bool line_breaks) : line_breaks_(line_breaks) {}

  // Trailing empty elements are left out, as the standard asks.
  void Segment(std::initializer_list<std::string_view> elements) {
    std::size_t last = elements.size();
    while (last > 1 && std::data(elements)[last - 1].empty()) --last;
    for (std::size_t i = 0; i < last; ++i) {
      if (i > 0) text_ += '*';
      text_ += std::data(elements)[i];
    }
    Terminate();
  }
  // A segment that brings its terminator along.
  void Whole(std::string_view segment) {
    text_ += segment.substr(0, segment.size() - 1);
    Terminate();
  }
  void StartTransaction() { segments_ = 0; }
  int Segments() const { return segments_; }
  std::string Take() { return std::move(text_); }

 private:
  void Terminate() {
    text_ += '~';
    if (line_breaks_) text_ += '\n';
    ++segments_;
  }

  bool line_breaks_;
  std::string text_;
  int segments_ = 0;
};

std::string ClockText(int minute) { return fmt::format("{:02}{:02}", minute / 60, minute % 60); }

Status CheckPayer(const PayerProfile& payer, const BankProfile& bank) {
  if (!IsDigits(payer.tin, 9)) return InvalidArgument("payer: TIN must be 9 digits");
  if (bank.trn_company_id != "1" + payer.tin) {
    return InvalidArgument(
        "payer: trn_company_id {} of the bank profile must be \"1\" and the payer's TIN {}",
        bank.trn_company_id, payer.tin);
  }
  if (payer.x12_id.empty() || payer.x12_id.size() > 15 || payer.x12_qualifier.size() != 2) {
    return InvalidArgument("payer: x12_id \"{}\" must be 1 to 15 characters, qualifier 2",
                           payer.x12_id);
  }
  if (BankText(payer.name).empty() || BankText(payer.address.street).empty() ||
      BankText(payer.address.city).empty() || payer.address.state.size() != 2 ||
      Digits(payer.address.zip).size() < 5) {
    return InvalidArgument("payer: name and whole address are required by N1*PR, N3 and N4");
  }
  if (payer.edi_contact_name.empty() || (payer.edi_phone.empty() && payer.edi_email.empty())) {
    return InvalidArgument("payer: PER*BL needs edi_contact_name and edi_phone or edi_email");
  }
  return OkStatus();
}

Status CheckInterchange(const Interchange835& interchange) {
  if (interchange.control_number < 1 || interchange.control_number > kMaxControlNumber) {
    return InvalidArgument("interchange control number {} must be 1 to 999,999,999",
                           interchange.control_number);
  }
  if (interchange.receiver_id.empty() || interchange.receiver_id.size() > 15 ||
      BankText(interchange.receiver_id) != interchange.receiver_id ||
      interchange.receiver_qualifier.size() != 2) {
    return InvalidArgument("interchange {}: receiver id \"{}\" must be 1 to 15 of A-Z and 0-9",
                           interchange.control_number, interchange.receiver_id);
  }
  if (interchange.creation_minute < 0 || interchange.creation_minute >= 24 * 60) {
    return InvalidArgument("interchange {}: creation minute {} is not within a day",
                           interchange.control_number, interchange.creation_minute);
  }
  return OkStatus();
}

Status CheckForRemittance(const OutboundPayment& payment) {
  RETURN_IF_ERROR(CheckPayment(payment));
  const PayeeDetails& payee = payment.payee;
  if (!HasRemittance835(payment)) {
    return FailedPrecondition("payment {}: {} is not a provider organization and gets no 835",
                              payment.payment_key, payee.name);
  }
  if (!payee.npi.empty() && !IsDigits(payee.npi, 10)) {
    return InvalidArgument("payment {}: NPI \"{}\" must be 10 digits", payment.payment_key,
                           payee.npi);
  }
  if (!IsDigits(payee.tin, 9)) {
    return InvalidArgument("payment {}: an 835 needs the payee's TIN of 9 digits",
                           payment.payment_key);
  }
  if (payee.npi.empty() && BankText(payee.payee_id).empty()) {
    return InvalidArgument("payment {}: PLB01 needs an NPI or the payer's id of the payee",
                           payment.payment_key);
  }
  if (BankText(payee.name).empty()) {
    return InvalidArgument("payment {}: nothing of the payee's name \"{}\" can be written",
                           payment.payment_key, payee.name);
  }
  if (payment.lines.empty()) {
    return InvalidArgument("payment {}: an 835 without lines explains nothing",
                           payment.payment_key);
  }
  for (const RemittanceLine& line : payment.lines) {
    if (Abs(line.amount).Cents() > kMaxAmountCents) {
      return InvalidArgument("payment {}: line {} has amount {}, more than 10 digits",
                             payment.payment_key, line.reference, line.amount);
    }
  }
  if (payment.amount.Cents() > kMaxAmountCents) {
    return InvalidArgument("payment {}: amount {} is more than BPR02 can hold", payment.payment_key,
                           payment.amount);
  }
  return OkStatus();
}

class Writer {
 public:
  Writer(const PayerProfile& payer, const BankProfile& bank, const PlbMapping& mapping,
         const Interchange835& interchange)
      : payer_(payer),
        bank_(bank),
        mapping_(mapping),
        interchange_(interchange),
        out_(interchange.line_breaks) {}

  void Open();
  void Transaction(const OutboundPayment& payment);
  std::string Close();

 private:
  void Payment(const OutboundPayment& payment);
  void Payer();
  void Payee(const PayeeDetails& payee);
  void Adjustments(const OutboundPayment& payment);
  void Address(const PostalAddress& address);
  std::string AccountShown(const AccountNumber& account) const;

  const PayerProfile& payer_;
  const BankProfile& bank_;
  const PlbMapping& mapping_;
  const Interchange835& interchange_;
  Output out_;
  int transactions_ = 0;
};

void Writer::Open() {
  const std::string sender = Padded(payer_.x12_id, 15);
  const std::string receiver = Padded(interchange_.receiver_id, 15);
  const std::string blank(10, ' ');
  const std::string time = ClockText(interchange_.creation_minute);
  out_.Segment({"ISA", "00", blank, "00", blank, payer_.x12_qualifier, sender,
                interchange_.receiver_qualifier, receiver,
                FormatDateSixDigits(interchange_.creation_date), time, "^", "00501",
                fmt::format("{:09}", interchange_.control_number), "0",
                interchange_.production ? "P" : "T", ":"});
  out_.Segment({"GS", "HP", payer_.x12_id, interchange_.receiver_id,
                FormatDateCompact(interchange_.creation_date), time,
                std::to_string(interchange_.control_number), "X", "005010X221A1"});
}

std::string Writer::AccountShown(const AccountNumber& account) const {
  if (!interchange_.mask_account) return std::string(account.Reveal());
  const std::size_t hidden = account.Reveal().size() - account.LastFour().size();
  return std::string(hidden, 'X') + std::string(account.LastFour());
}

void Writer::Payment(const OutboundPayment& payment) {
  const std::string date = FormatDateCompact(payment.effective_date);
  if (payment.method == PaymentMethod::kNone) {
    out_.Segment({"BPR", "H", "0", "C", "NON", "", "", "", "", "", "", "", "", "", "", "", date});
  } else {
    const PayeeDetails& payee = payment.payee;
    out_.Segment({"BPR", "I", Decimal(payment.amount), "C", "ACH", "CCP", "01",
                  bank_.odfi_routing_number, "DA", AccountShown(bank_.funding_account),
                  bank_.trn_company_id, "", "01", payee.routing_number,
                  payee.account_kind == AccountKind::kSavings ? "SG" : "DA",
                  AccountShown(payee.account), date});
  }
  out_.Whole(TrnSegment(payment.payment_key, bank_.trn_company_id));
  out_.Segment({"DTM", "405", FormatDateCompact(interchange_.creation_date)});
}

void Writer::Address(const PostalAddress& address) {
  const std::string street = Cut(BankText(address.street), 55);
  const std::string city = Cut(BankText(address.city), 30);
  if (!street.empty()) out_.Segment({"N3", street});
  if (!city.empty()) {
    out_.Segment({"N4", city, BankText(address.state), Cut(Digits(address.zip), 9)});
  }
}

void Writer::Payer() {
  out_.Segment({"N1", "PR", Cut(BankText(payer_.name), 60)});
  Address(payer_.address);
  if (!payer_.payer_id.empty()) out_.Segment({"REF", "2U", Cut(BankText(payer_.payer_id), 50)});
  if (!payer_.service_phone.empty()) {
    out_.Segment({"PER", "CX", "", "TE", Digits(payer_.service_phone)});
  }
  const std::string name = Cut(BankText(payer_.edi_contact_name), 60);
  const std::string phone = Digits(payer_.edi_phone);
  const std::string email = ElectronicAddress(payer_.edi_email);
  if (phone.empty()) {
    out_.Segment({"PER", "BL", name, "EM", email});
  } else {
    out_.Segment({"PER", "BL", name, "TE", phone, email.empty() ? "" : "EM", email});
  }
}

void Writer::Payee(const PayeeDetails& payee) {
  const std::string name = Cut(BankText(payee.name), 60);
  if (payee.npi.empty()) {
    out_.Segment({"N1", "PE", name, "FI", payee.tin});
    Address(payee.address);
    return;
  }
  out_.Segment({"N1", "PE", name, "XX", payee.npi});
  Address(payee.address);
  out_.Segment({"REF", "TJ", payee.tin});
}

void Writer::Adjustments(const OutboundPayment& payment) {
  const std::string provider =
      payment.payee.npi.empty() ? Cut(BankText(payment.payee.payee_id), 50) : payment.payee.npi;
  // The provider's fiscal year is not known to us: December 31 (FORMATS section 8.4).
  const std::string fiscal_end = fmt::format("{:04}1231", YearOf(interchange_.creation_date));
  for (std::size_t first = 0; first < payment.lines.size(); first += kPairsPerPlb) {
    const std::size_t end = std::min(first + kPairsPerPlb, payment.lines.size());
    std::string segment = "PLB*" + provider + "*" + fiscal_end;
    for (std::size_t i = first; i < end; ++i) {
      const RemittanceLine& line = payment.lines[i];
      segment += fmt::format("*{}:{}*{}", mapping_.CodeOf(line.kind), line.reference,
                             Decimal(-line.amount));
    }
    out_.Whole(segment + "~");
  }
}

void Writer::Transaction(const OutboundPayment& payment) {
  const std::string number = fmt::format("{:04}", ++transactions_);
  out_.StartTransaction();
  out_.Segment({"ST", "835", number});
  Payment(payment);
  Payer();
  Payee(payment.payee);
  Adjustments(payment);
  out_.Segment({"SE", std::to_string(out_.Segments() + 1), number});
}

std::string Writer::Close() {
  out_.Segment({"GE", std::to_string(transactions_), std::to_string(interchange_.control_number)});
  out_.Segment({"IEA", "1", fmt::format("{:09}", interchange_.control_number)});
  return out_.Take();
}

}  // namespace

StatusOr<std::string> Write835(const PayerProfile& payer, const BankProfile& bank,
                               const PlbMapping& mapping, const Interchange835& interchange,
                               std::span<const OutboundPayment> payments) {
  RETURN_IF_ERROR(CheckBankProfile(bank));
  RETURN_IF_ERROR(CheckPayer(payer, bank));
  RETURN_IF_ERROR(CheckInterchange(interchange));
  if (payments.empty()) {
    return InvalidArgument("interchange {}: no payments", interchange.control_number);
  }
  Writer writer(payer, bank, mapping, interchange);
  writer.Open();
  for (const OutboundPayment& payment : payments) {
    RETURN_IF_ERROR(CheckForRemittance(payment));
    writer.Transaction(payment);
  }
  return writer.Close();
}

}  // namespace sluice::payments
