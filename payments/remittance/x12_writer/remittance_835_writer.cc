#include "payments/remittance/x12_writer/remittance_835_writer.h"

#include <fmt/compile.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <initializer_list>
#include <string_view>

#include "core/check.h"
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

// Segments, written one after the other into room that was made for them.
class Output {
 public:
  explicit Output(bool line_breaks) : line_breaks_(line_breaks) {}

  void Reserve(std::size_t bytes) { text_.reserve(bytes); }
  // Room for `most` bytes. What is written until Done() does not ask for room again.
  void Room(std::size_t most) {
    text_.resize(text_.size() + most);
    at_ = text_.data() + text_.size() - most;
  }
  void Done() {
    const auto size = static_cast<std::size_t>(at_ - text_.data());
    CHECK(size <= text_.size());
    text_.resize(size);
    at_ = nullptr;
  }

  void Put(std::string_view text) {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  void Element(std::string_view text) {
    *at_++ = '*';
    Put(text);
  }
  // An element as a bank may carry it, cut.
  void Element(std::string_view text, std::size_t most) {
    *at_++ = '*';
    at_ = PutBankText(at_, text, most);
  }
  // "14750", "-3500.5": a minus sign only, no trailing zeros (FORMATS section 8.1).
  void Decimal(Money amount) {
    constexpr std::ptrdiff_t kMostDigits = 20;
    const std::int64_t cents = amount.Cents();
    const auto bits = static_cast<std::uint64_t>(cents);
    const std::uint64_t magnitude = cents < 0 ? 0 - bits : bits;
    if (cents < 0) *at_++ = '-';
    at_ = std::to_chars(at_, at_ + kMostDigits, magnitude / 100).ptr;
    const std::uint64_t fraction = magnitude % 100;
    if (fraction == 0) return;
    *at_++ = '.';
    *at_++ = static_cast<char>('0' + fraction / 10);
    if (fraction % 10 != 0) *at_++ = static_cast<char>('0' + fraction % 10);
  }
  void End() {
    *at_++ = '~';
    if (line_breaks_) *at_++ = '\n';
    ++segments_;
  }
  // Trailing empty elements are left out, as the standard asks.
  void Segment(std::initializer_list<std::string_view> elements) {
    std::size_t last = elements.size();
    while (last > 1 && std::data(elements)[last - 1].empty()) --last;
    Put(std::data(elements)[0]);
    for (std::size_t i = 1; i < last; ++i) Element(std::data(elements)[i]);
    End();
  }
  // Segments that were written before.
  void Append(const Output& other) {
    Put(other.text_);
    segments_ += other.segments_;
  }

  void StartTransaction() { segments_ = 0; }
  int Segments() const { return segments_; }
  std::size_t Size() const { return text_.size(); }
  std::string Take() { return std::move(text_); }

 private:
  bool line_breaks_;
  std::string text_;
  char* at_ = nullptr;
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

bool HasBankText(std::string_view text) {
  // Most names start with a letter that stays as it is.
  if (!text.empty() && ((text[0] >= 'A' && text[0] <= 'Z') || (text[0] >= 'a' && text[0] <= 'z'))) {
    return true;
  }
  return !BankText(text).empty();
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
  if (!HasBankText(payee.name)) {
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

// More than the fixed parts of the segments of anything: names, separators, codes, numbers.
constexpr std::size_t kFixedParts = 1'024;
// More than the fixed parts of one line's adjustment and of a segment for it.
constexpr std::size_t kFixedPartsOfLine = 64;

std::size_t SizeOf(const PostalAddress& address) {
  return address.street.size() + address.city.size() + address.state.size() + address.zip.size();
}

void Address(Output& out, const PostalAddress& address) {
  if (HasBankText(address.street)) {
    out.Put("N3");
    out.Element(address.street, 55);
    out.End();
  }
  if (!HasBankText(address.city)) return;
  const std::string zip = Digits(address.zip);
  const bool has_state = HasBankText(address.state);
  out.Put("N4");
  out.Element(address.city, 30);
  if (has_state || !zip.empty()) out.Element(address.state, address.state.size());
  if (!zip.empty()) out.Element(std::string_view(zip).substr(0, 9));
  out.End();
}

// The same in every transaction: when it was made, and who pays.
Output CommonSegments(const PayerProfile& payer, const Interchange835& interchange) {
  Output out(interchange.line_breaks);
  out.Room(kFixedParts + payer.name.size() + SizeOf(payer.address) + payer.payer_id.size() +
           payer.service_phone.size() + payer.edi_contact_name.size() + payer.edi_phone.size() +
           payer.edi_email.size());
  out.Segment({"DTM", "405", FormatDateCompact(interchange.creation_date)});
  out.Put("N1*PR");
  out.Element(payer.name, 60);
  out.End();
  Address(out, payer.address);
  if (!payer.payer_id.empty()) {
    out.Put("REF*2U");
    out.Element(payer.payer_id, 50);
    out.End();
  }
  if (!payer.service_phone.empty()) {
    out.Segment({"PER", "CX", "", "TE", Digits(payer.service_phone)});
  }
  const std::string name = BankText(payer.edi_contact_name).substr(0, 60);
  const std::string phone = Digits(payer.edi_phone);
  const std::string email = ElectronicAddress(payer.edi_email);
  if (phone.empty()) {
    out.Segment({"PER", "BL", name, "EM", email});
  } else {
    out.Segment({"PER", "BL", name, "TE", phone, email.empty() ? "" : "EM", email});
  }
  out.Done();
  return out;
}

class Writer {
 public:
  Writer(const PayerProfile& payer, const BankProfile& bank, const PlbMapping& mapping,
         const Interchange835& interchange);

  void Open(std::size_t payments);
  void Transaction(const OutboundPayment& payment);
  std::string Close();

 private:
  void Payment(const OutboundPayment& payment);
  void Payee(const PayeeDetails& payee);
  void Adjustments(const OutboundPayment& payment);
  std::size_t MostOf(const OutboundPayment& payment) const;
  std::string AccountShown(const AccountNumber& account) const;

  const PayerProfile& payer_;
  const BankProfile& bank_;
  const PlbMapping& mapping_;
  const Interchange835& interchange_;
  Output out_;
  const Output common_;
  // What stands in BPR between the amount and the payee's bank, with the payer's account; and
  // before and behind the payment key in TRN.
  SecretString bpr_middle_;
  std::string trn_head_, trn_tail_;
  const std::string fiscal_end_;
  // Of the payment before, as most have the same.
  Date effective_date_{};
  std::string effective_date_text_;
  int transactions_ = 0;
};

Writer::Writer(const PayerProfile& payer, const BankProfile& bank, const PlbMapping& mapping,
               const Interchange835& interchange)
    : payer_(payer),
      bank_(bank),
      mapping_(mapping),
      interchange_(interchange),
      out_(interchange.line_breaks),
      common_(CommonSegments(payer, interchange)),
      bpr_middle_("*C*ACH*CCP*01*" + bank.odfi_routing_number + "*DA*" +
                  AccountShown(bank.funding_account) + "*" + bank.trn_company_id + "**01*"),
      // The provider's fiscal year is not known to us: December 31 (FORMATS section 8.4).
      fiscal_end_(fmt::format("{:04}1231", YearOf(interchange.creation_date))) {
  constexpr std::string_view kKey = "K";
  const std::string trn = TrnSegment(kKey, bank.trn_company_id);
  trn_head_ = trn.substr(0, trn.find(kKey));
  trn_tail_ = trn.substr(trn_head_.size() + kKey.size());
  trn_tail_.pop_back();  // the terminator is ours
}

void Writer::Open(std::size_t payments) {
  constexpr std::size_t kUsualTransaction = 700;
  out_.Reserve((payments + 1) * kUsualTransaction);
  out_.Room(kFixedParts);
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
  out_.Done();
}

std::string Writer::AccountShown(const AccountNumber& account) const {
  if (!interchange_.mask_account) return std::string(account.Reveal());
  const std::size_t hidden = account.Reveal().size() - account.LastFour().size();
  return std::string(hidden, 'X') + std::string(account.LastFour());
}

void Writer::Payment(const OutboundPayment& payment) {
  if (effective_date_text_.empty() || payment.effective_date != effective_date_) {
    effective_date_ = payment.effective_date;
    effective_date_text_ = FormatDateCompact(effective_date_);
  }
  if (payment.method == PaymentMethod::kNone) {
    out_.Put("BPR*H*0*C*NON************");
  } else if (payment.method == PaymentMethod::kCheck) {
    out_.Put("BPR*I*");
    out_.Decimal(payment.amount);
    out_.Put("*C*CHK******");
    out_.Put(bank_.trn_company_id);
    out_.Put("******");
  } else {
    const PayeeDetails& payee = payment.payee;
    out_.Put("BPR*I*");
    out_.Decimal(payment.amount);
    out_.Put(bpr_middle_.Reveal());
    out_.Put(payee.routing_number);
    out_.Put(payee.account_kind == AccountKind::kSavings ? "*SG*" : "*DA*");
    if (interchange_.mask_account) {
      out_.Put(AccountShown(payee.account));
    } else {
      out_.Put(payee.account.Reveal());
    }
    out_.Put("*");
  }
  out_.Put(effective_date_text_);
  out_.End();
  out_.Put(trn_head_);
  out_.Put(payment.payment_key);
  out_.Put(trn_tail_);
  out_.End();
}

void Writer::Payee(const PayeeDetails& payee) {
  const bool has_npi = !payee.npi.empty();
  out_.Put("N1*PE");
  out_.Element(payee.name, 60);
  out_.Put(has_npi ? "*XX*" : "*FI*");
  out_.Put(has_npi ? payee.npi : payee.tin);
  out_.End();
  Address(out_, payee.address);
  if (!has_npi) return;
  out_.Put("REF*TJ*");
  out_.Put(payee.tin);
  out_.End();
}

void Writer::Adjustments(const OutboundPayment& payment) {
  for (std::size_t first = 0; first < payment.lines.size(); first += kPairsPerPlb) {
    const std::size_t end = std::min(first + kPairsPerPlb, payment.lines.size());
    out_.Put("PLB");
    if (payment.payee.npi.empty()) {
      out_.Element(payment.payee.payee_id, 50);
    } else {
      out_.Element(payment.payee.npi);
    }
    out_.Element(fiscal_end_);
    for (std::size_t i = first; i < end; ++i) {
      const RemittanceLine& line = payment.lines[i];
      out_.Element(mapping_.CodeOf(line.kind));
      out_.Put(":");
      out_.Put(line.reference);
      out_.Put("*");
      out_.Decimal(-line.amount);
    }
    out_.End();
  }
}

// At least what the payment's transaction takes.
std::size_t Writer::MostOf(const OutboundPayment& payment) const {
  const PayeeDetails& payee = payment.payee;
  std::size_t most = kFixedParts + common_.Size() + bpr_middle_.Reveal().size() +
                     payment.payment_key.size() + trn_tail_.size() + payee.name.size() +
                     SizeOf(payee.address) + payee.tin.size() + payee.npi.size() +
                     payee.routing_number.size() + payee.account.Reveal().size();
  const std::size_t provider = payee.npi.empty() ? payee.payee_id.size() : payee.npi.size();
  for (const RemittanceLine& line : payment.lines) {
    most += kFixedPartsOfLine + provider + line.reference.size();
  }
  return most;
}

void Writer::Transaction(const OutboundPayment& payment) {
  std::array<char, 16> digits;
  char* end = fmt::format_to(digits.data(), FMT_COMPILE("{:04}"), ++transactions_);
  const std::string_view control(digits.data(), static_cast<std::size_t>(end - digits.data()));
  out_.Room(MostOf(payment));
  out_.StartTransaction();
  out_.Put("ST*835*");
  out_.Put(control);
  out_.End();
  Payment(payment);
  out_.Append(common_);
  Payee(payment.payee);
  Adjustments(payment);
  out_.Put("SE*");
  out_.Put(fmt::format_int(out_.Segments() + 1).c_str());
  out_.Element(control);
  out_.End();
  out_.Done();
}

std::string Writer::Close() {
  out_.Room(kFixedParts);
  out_.Segment({"GE", std::to_string(transactions_), std::to_string(interchange_.control_number)});
  out_.Segment({"IEA", "1", fmt::format("{:09}", interchange_.control_number)});
  out_.Done();
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
  writer.Open(payments.size());
  for (const OutboundPayment& payment : payments) {
    RETURN_IF_ERROR(CheckForRemittance(payment));
    writer.Transaction(payment);
  }
  return writer.Close();
}

}  // namespace sluice::payments
