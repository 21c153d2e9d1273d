// Drawing wants coordinates: this is the one file of the domain folders that may use double. No
// amount of money ever becomes one.
#include "payments/remittance/statement_pdf.h"

#include <cairo-pdf.h>
#include <fmt/format.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "payments/remittance/statement_model.h"

namespace sluice::payments {
namespace {

// US Letter in points.
constexpr double kPageWidth = 612;
constexpr double kPageHeight = 792;
constexpr double kMargin = 54;
constexpr double kTextWidth = kPageWidth - 2 * kMargin;
constexpr double kBottom = kPageHeight - 66;  // the footer lies below

struct Color {
  double red, green, blue;
};
constexpr Color kInk{0.10, 0.12, 0.15};
constexpr Color kMuted{0.33, 0.37, 0.42};
constexpr Color kAccent{0.03, 0.32, 0.40};
constexpr Color kLine{0.78, 0.81, 0.84};
constexpr Color kShade{0.945, 0.96, 0.965};

// The fonts of the page. A style is a size and a weight; color comes with it.
enum class Style { kTitle, kAmount, kHeading, kSubheading, kBold, kBody, kNote, kLabel, kSmall };

struct StyleFacts {
  const char* font;
  Color color;
};

StyleFacts FactsOf(Style style) {
  switch (style) {
    case Style::kTitle:
      return {"DejaVu Sans Bold 17", kAccent};
    case Style::kAmount:
      return {"DejaVu Sans Bold 20", kInk};
    case Style::kHeading:
      return {"DejaVu Sans Bold 11.5", kAccent};
    case Style::kSubheading:
      return {"DejaVu Sans Bold 9.5", kInk};
    case Style::kBold:
      return {"DejaVu Sans Bold 8.5", kInk};
    case Style::kBody:
      return {"DejaVu Sans 8.5", kInk};
    case Style::kNote:
      return {"DejaVu Sans 8.5", kMuted};
    case Style::kLabel:
      return {"DejaVu Sans 7.5", kMuted};
    case Style::kSmall:
      return {"DejaVu Sans 7", kMuted};
  }
  return {"DejaVu Sans 8.5", kInk};
}

enum class Align { kLeft, kRight };

struct Unref {
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
  void operator()(PangoContext* context) const { g_object_unref(context); }
  void operator()(PangoFontMap* map) const { g_object_unref(map); }
  void operator()(PangoAttrList* list) const { pango_attr_list_unref(list); }
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
  void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
  void operator()(cairo_t* cr) const { cairo_destroy(cr); }
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

// Makes laid-out text; keeps the fonts for the whole file.
//
// Laying text out costs far more than drawing it, and the statements of one file repeat most of
// theirs: labels, and every step of an award that many payees share. So a layout is kept and drawn
// again wherever the same text is set the same way. It is never changed after it was made.
class Typesetter {
 public:
  Typesetter()
      : map_(pango_cairo_font_map_new()), context_(pango_font_map_create_context(map_.get())) {
    pango_cairo_context_set_resolution(context_.get(), 72);
    pango_context_set_round_glyph_positions(context_.get(), false);
    const Owned<cairo_font_options_t> options(cairo_font_options_create());
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context_.get(), options.get());
    // Ligatures would come out as odd characters when somebody copies text out of the PDF.
    plain_.reset(pango_attr_list_new());
    pango_attr_list_insert(plain_.get(), pango_attr_font_features_new("liga=0, clig=0, dlig=0"));
    // A name that is broken inside a word must not gain a hyphen that its owner does not write.
    pango_attr_list_insert(plain_.get(), pango_attr_insert_hyphens_new(FALSE));
  }

  Owned<PangoLayout> Set(std::string_view text, Style style, double width, Align align) {
    const int units = pango_units_from_double(width);
    key_.clear();
    fmt::format_to(std::back_inserter(key_), "{} {} {} ", static_cast<int>(style),
                   static_cast<int>(align), units);
    key_ += text;
    auto known = layouts_.find(key_);
    if (known == layouts_.end()) {
      known = layouts_.emplace(key_, Make(text, style, units, align)).first;
    }
    g_object_ref(known->second.get());
    return Owned<PangoLayout>(known->second.get());
  }

  // Forgets the layouts when there are many, so that a file of any size is drawn in the same
  // memory. Layouts in use live on with those who hold them.
  void Trim() {
    constexpr std::size_t kMost = 8'192;
    if (layouts_.size() > kMost) layouts_.clear();
  }

 private:
  Owned<PangoLayout> Make(std::string_view text, Style style, int width, Align align) {
    Owned<PangoLayout> layout(pango_layout_new(context_.get()));
    auto& font = fonts_[style];
    if (!font) font.reset(pango_font_description_from_string(FactsOf(style).font));
    pango_layout_set_font_description(layout.get(), font.get());
    pango_layout_set_attributes(layout.get(), plain_.get());
    pango_layout_set_width(layout.get(), width);
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout.get(),
                               align == Align::kRight ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    return layout;
  }

  Owned<PangoFontMap> map_;
  Owned<PangoContext> context_;
  Owned<PangoAttrList> plain_;
  std::map<Style, Owned<PangoFontDescription>> fonts_;
  std::unordered_map<std::string, Owned<PangoLayout>> layouts_;
  std::string key_;
};

double HeightOf(PangoLayout* layout) {
  int height = 0;
  pango_layout_get_size(layout, nullptr, &height);
  return pango_units_to_double(height);
}

// One thing on a page: text, a filled box, or the start or end of a structure tag, which screen
// readers follow.
struct Mark {
  enum class Kind { kText, kBox, kTag, kEndTag };
  Kind kind;
  double x = 0, y = 0, width = 0, height = 0;
  Color color = kInk;
  Owned<PangoLayout> layout;
  const char* tag = nullptr;
};
using Page = std::vector<Mark>;

struct Cell {
  double x;  // from the left margin
  double width;
  std::string text;
  Style style = Style::kBody;
  Align align = Align::kLeft;
};
using Row = std::vector<Cell>;

// Fills pages from top to bottom.
class Flow {
 public:
  // `spacing` stretches the room between blocks and rows; 1 is the usual.
  Flow(Typesetter& typesetter, std::string running_head, double spacing)
      : typesetter_(typesetter), running_head_(std::move(running_head)), spacing_(spacing) {
    pages_.emplace_back();
  }

  double Y() const { return y_; }
  std::size_t PageCount() const { return pages_.size(); }
  void Space(double height) { y_ += height * spacing_; }
  void MoveTo(double y) { y_ = y; }
  double HeightOfParagraph(std::string_view text, Style style) {
    return HeightOf(typesetter_.Set(text, style, kTextWidth, Align::kLeft).get());
  }
  void NewPage() {
    const bool continues = in_table_;
    if (continues) Tag(Mark::Kind::kEndTag, "Table");
    pages_.emplace_back();
    y_ = At(0, kMargin - 10, kTextWidth, running_head_, Style::kSmall, Align::kLeft, "P") + 5;
    Rule();
    y_ += 12;
    if (continues) OpenTable();
  }
  // Starts a new page unless `height` points are left.
  void Ensure(double height) {
    if (y_ + height > kBottom) NewPage();
  }
  void Paragraph(std::string_view text, Style style, const char* tag, double indent = 0) {
    auto layout = typesetter_.Set(text, style, kTextWidth - indent, Align::kLeft);
    const double height = HeightOf(layout.get());
    Ensure(height);
    Place(std::move(layout), indent, y_, FactsOf(style).color, tag);
    y_ += height;
  }
  // Text at a given place; returns the y below it.
  double At(double x, double y, double width, std::string_view text, Style style, Align align,
            const char* tag) {
    auto layout = typesetter_.Set(text, style, width, align);
    const double height = HeightOf(layout.get());
    Place(std::move(layout), x, y, FactsOf(style).color, tag);
    return y + height;
  }
  void Box(double x, double y, double width, double height, Color color) {
    pages_.back().push_back({.kind = Mark::Kind::kBox,
                             .x = kMargin + x,
                             .y = y,
                             .width = width,
                             .height = height,
                             .color = color,
                             .layout = nullptr});
  }
  void Rule(Color color = kLine) { Box(0, y_, kTextWidth, 0.6, color); }

  // A table: the header row is repeated when the table goes on over a page.
  void BeginTable(Row header) {
    table_header_ = std::move(header);
    Ensure(46);
    OpenTable();
  }
  void AddRow(const Row& row, bool shaded = false) { Put(row, shaded, "TD"); }
  void EndTable() {
    Tag(Mark::Kind::kEndTag, "Table");
    in_table_ = false;
  }

  std::vector<Page> TakePages() { return std::move(pages_); }

 private:
  void Tag(Mark::Kind kind, const char* tag) {
    pages_.back().push_back({.kind = kind, .layout = nullptr, .tag = tag});
  }
  void Place(Owned<PangoLayout> layout, double x, double y, Color color, const char* tag) {
    Tag(Mark::Kind::kTag, tag);
    pages_.back().push_back({.kind = Mark::Kind::kText,
                             .x = kMargin + x,
                             .y = y,
                             .color = color,
                             .layout = std::move(layout)});
    Tag(Mark::Kind::kEndTag, tag);
  }
  void OpenTable() {
    Tag(Mark::Kind::kTag, "Table");
    in_table_ = true;
    if (table_header_.empty()) return;
    Put(table_header_, false, "TH");
    Box(0, y_ - 1.5, kTextWidth, 0.6, kLine);
  }
  void Put(const Row& row, bool shaded, const char* cell_tag) {
    std::vector<Owned<PangoLayout>> layouts;
    double height = 0;
    for (const Cell& cell : row) {
      layouts.push_back(typesetter_.Set(cell.text, cell.style, cell.width, cell.align));
      height = std::max(height, HeightOf(layouts.back().get()));
    }
    const double padding = 2 * spacing_;
    Ensure(height + 2 * padding);
    if (shaded) Box(0, y_, kTextWidth, height + 2 * padding, kShade);
    Tag(Mark::Kind::kTag, "TR");
    for (std::size_t i = 0; i < row.size(); ++i) {
      Place(std::move(layouts[i]), row[i].x, y_ + padding, FactsOf(row[i].style).color, cell_tag);
    }
    Tag(Mark::Kind::kEndTag, "TR");
    y_ += height + 2 * padding;
  }

  Typesetter& typesetter_;
  std::string running_head_;
  double spacing_;
  std::vector<Page> pages_;
  double y_ = kMargin;
  bool in_table_ = false;
  Row table_header_;
};

// Columns of amounts, counted from the right edge.
constexpr double kAmountWidth = 78;
double AmountX(int from_right) { return kTextWidth - 4 - kAmountWidth * (from_right + 1); }

Row SumsRow(std::string_view label, const StatementSums& sums, Style style) {
  return {{4, AmountX(3) - 12, std::string(label), style},
          {AmountX(3), kAmountWidth, Dollars(sums.earned), style, Align::kRight},
          {AmountX(2), kAmountWidth, Dollars(sums.withheld), style, Align::kRight},
          {AmountX(1), kAmountWidth, Dollars(sums.offsets), style, Align::kRight},
          {AmountX(0), kAmountWidth, Dollars(sums.Net()), style, Align::kRight}};
}

// What may be done so that the last page holds more than the closing sentences.
enum class Fit { kUsual, kTight, kLastBlockOnNewPage };

class Statement {
 public:
  Statement(Typesetter& typesetter, const PayerProfile& payer, const OutboundPayment& payment,
            Fit fit)
      : payer_(payer),
        payment_(payment),
        groups_(GroupLines(payment)),
        fit_(fit),
        flow_(typesetter,
              fmt::format("{}  ·  Remittance statement  ·  {}", payer.name, payment.payee.name),
              fit == Fit::kTight ? 0.7 : 1) {}

  void Lay() {
    Head();
    Parties();
    Summary();
    Explanations();
    Closing();
  }
  // The closing sentences have the last page for themselves.
  bool ClosingIsAlone() const { return closing_is_alone_; }
  std::vector<Page> TakePages() { return flow_.TakePages(); }

 private:
  void Head() {
    double y = flow_.At(0, kMargin, kTextWidth * 0.62, "Remittance statement", Style::kTitle,
                        Align::kLeft, "H1");
    double right = flow_.At(kTextWidth * 0.55, kMargin + 2, kTextWidth * 0.45, payer_.name,
                            Style::kSubheading, Align::kRight, "P");
    for (const std::string& line : AddressLines(payer_.address)) {
      right = flow_.At(kTextWidth * 0.55, right, kTextWidth * 0.45, line, Style::kLabel,
                       Align::kRight, "P");
    }
    if (!payer_.service_phone.empty()) {
      right = flow_.At(kTextWidth * 0.55, right, kTextWidth * 0.45,
                       PhoneWords(payer_.service_phone), Style::kLabel, Align::kRight, "P");
    }
    y = flow_.At(0, y + 1, kTextWidth * 0.5, "What was paid, and where each dollar came from",
                 Style::kLabel, Align::kLeft, "P");
    flow_.MoveTo(std::max(y, right) + 9);
    flow_.Rule(kAccent);
    flow_.Space(12);
  }

  // "label" over "value", both left-aligned; returns the y below.
  double Fact(double x, double y, double width, std::string_view label, std::string_view value,
              Style style) {
    y = flow_.At(x, y, width, label, Style::kLabel, Align::kLeft, "P");
    return flow_.At(x, y + 1, width, value, style, Align::kLeft, "P") + 7;
  }

  void Parties() {
    const double top = flow_.Y();
    const double half = kTextWidth / 2;
    const bool paid = payment_.method == PaymentMethod::kAch;
    const bool check = payment_.method == PaymentMethod::kCheck;

    double left = Fact(0, top + 8, half - 20, "Paid to", payment_.payee.name, Style::kSubheading);
    left -= 6;
    for (const std::string& line : AddressLines(payment_.payee.address)) {
      left = flow_.At(0, left, half - 20, line, Style::kBody, Align::kLeft, "P");
    }
    std::string ids;
    if (!payment_.payee.npi.empty()) ids += "NPI " + payment_.payee.npi;
    if (payment_.payee.tin.size() == 9) {
      ids += fmt::format("{}Tax id ending {}", ids.empty() ? "" : "  ·  ",
                         payment_.payee.tin.substr(5));
    }
    if (!ids.empty()) {
      left = flow_.At(0, left + 4, half - 20, ids, Style::kLabel, Align::kLeft, "P");
    }

    const bool traced = !payment_.trace_number.empty();
    const double box = half + 4;
    const double box_height = traced ? 138 : 112;
    const double inner = box + 12;
    const double column = (kTextWidth - inner - 8) / 2;
    flow_.Box(box, top, kTextWidth - box, box_height, kShade);
    double y =
        Fact(inner, top + 8, 2 * column, "Amount paid", Dollars(payment_.amount), Style::kAmount);
    const double row = Fact(inner, y, column, "Payment number", payment_.payment_key, Style::kBold);
    Fact(inner + column, y, column, paid ? "Deposit date" : "Statement date",
         FormatDateLong(payment_.effective_date), Style::kBold);
    const double last = Fact(inner, row, column, "Deposited to",
                             paid    ? AccountWords(payment_.payee)
                             : check ? "No deposit: a check is mailed"
                                     : "No deposit: nothing is due",
                             Style::kBody);
    Fact(inner + column, row, column, "Method",
         check                                       ? "Check " + payment_.payment_key
         : !paid                                     ? "Notice without payment"
         : payment_.payee.kind == PayeeKind::kPerson ? "ACH direct deposit"
                                                     : "ACH credit (CCD) with TRN",
         Style::kBody);
    if (traced) {
      Fact(inner, last, 2 * column, "Bank trace number", payment_.trace_number, Style::kBody);
    }
    flow_.MoveTo(std::max(left, top + box_height) + 16);
  }

  void Summary() {
    flow_.Paragraph("Summary by program and contract", Style::kHeading, "H2");
    flow_.Space(4);
    flow_.BeginTable({{4, AmountX(3) - 12, "Program and contract", Style::kLabel},
                      {AmountX(3), kAmountWidth, "Earned", Style::kLabel, Align::kRight},
                      {AmountX(2), kAmountWidth, "Withheld", Style::kLabel, Align::kRight},
                      {AmountX(1), kAmountWidth, "Offsets", Style::kLabel, Align::kRight},
                      {AmountX(0), kAmountWidth, "Net", Style::kLabel, Align::kRight}});
    for (const StatementGroup& group : groups_) {
      flow_.AddRow(SumsRow(TitleOf(group), group.sums, Style::kBody));
    }
    flow_.AddRow(SumsRow("Total", SumLines(payment_), Style::kBold), true);
    flow_.EndTable();
    flow_.Space(16);
  }

  static std::string TitleOf(const StatementGroup& group) {
    std::string title = group.program;
    if (!group.contract.empty()) title += ", contract " + group.contract;
    if (!group.contract_holder.empty()) title += " (" + group.contract_holder + ")";
    return title;
  }

  void Explanations() {
    for (const StatementGroup& group : groups_) {
      const bool last_group = &group == &groups_.back();
      const bool on_new_page = fit_ == Fit::kLastBlockOnNewPage && last_group;
      if (on_new_page && group.lines.size() == 1) flow_.NewPage();
      flow_.Ensure(110);
      flow_.Paragraph(TitleOf(group), Style::kHeading, "H2");
      flow_.Space(5);
      const RemittanceLine* before = nullptr;
      for (const RemittanceLine* line : group.lines) {
        if (on_new_page && before != nullptr && line == group.lines.back()) flow_.NewPage();
        Line(*line, before);
        before = line;
      }
      flow_.Space(6);
    }
  }

  void Line(const RemittanceLine& line, const RemittanceLine* before) {
    flow_.Ensure(64);
    flow_.BeginTable({});
    flow_.AddRow({{4, kTextWidth - kAmountWidth - 20, line.description, Style::kBold},
                  {AmountX(0), kAmountWidth, Dollars(line.amount), Style::kBold, Align::kRight}},
                 true);
    std::string facts = fmt::format("Reference {}", line.reference);
    facts += fmt::format("  ·  {}", LineKindWords(line.kind));
    if (!line.period.empty()) facts += "  ·  " + line.period;
    flow_.AddRow({{4, kTextWidth - 8, facts, Style::kLabel}});
    if (!line.reason.empty()) {
      flow_.AddRow({{4, kTextWidth - 8, "Why: " + line.reason, Style::kBody}});
    }
    flow_.EndTable();
    const std::string holder = line.contract_holder.empty() ? "the contract" : line.contract_holder;
    const bool owes = line.contract_award < Money();
    Steps(fmt::format("How {} {} {}", holder, owes ? "came to owe" : "earned",
                      Dollars(Abs(line.contract_award))),
          line.award_steps, before != nullptr && Same(before->award_steps, line.award_steps));
    Steps("How your share came out of it", line.split_steps,
          before != nullptr && Same(before->split_steps, line.split_steps));
    flow_.Space(8);
  }

  static bool Same(const std::vector<ExplanationStep>& a, const std::vector<ExplanationStep>& b) {
    return std::ranges::equal(a, b, [](const ExplanationStep& x, const ExplanationStep& y) {
      return x.label == y.label && x.value == y.value && x.note == y.note;
    });
  }

  void Steps(const std::string& title, const std::vector<ExplanationStep>& steps, bool as_above) {
    if (steps.empty()) return;
    constexpr double kIndent = 14;
    flow_.Space(4);
    flow_.Ensure(as_above ? 12 : 42);
    if (as_above) {
      flow_.Paragraph(title + ": the same steps as above", Style::kLabel, "P", kIndent);
      return;
    }
    flow_.Paragraph(title, Style::kLabel, "H3", kIndent);
    flow_.Space(1.5);
    flow_.BeginTable({});
    for (const ExplanationStep& step : steps) {
      flow_.AddRow({{kIndent, 178, step.label, Style::kBody},
                    {kIndent + 182, 104, step.value, Style::kBody, Align::kRight},
                    {kIndent + 300, kTextWidth - kIndent - 304, step.note, Style::kNote}});
    }
    flow_.EndTable();
  }

  std::vector<std::string> ClosingSentences() const {
    std::vector<std::string> sentences;
    if (payment_.method == PaymentMethod::kAch) {
      sentences.push_back(fmt::format(
          "Your bank shows this deposit with payment number {}{}{}. A deposit with "
          "another amount or number is not this payment.",
          payment_.payment_key,
          payment_.trace_number.empty() ? ""
                                        : ", and finds it by trace number " + payment_.trace_number,
          HasRemittance835(payment_)
              ? "; the electronic remittance (835) carries the same number and the "
                "same line references"
              : ""));
    } else if (payment_.method == PaymentMethod::kCheck) {
      sentences.push_back(
          fmt::format("Check {} is mailed to this address. Cash it within 180 days; after that ask "
                      "for another.",
                      payment_.payment_key));
    } else {
      sentences.emplace_back(
          "No money moves with this statement. What is carried forward appears on a later "
          "statement under the same reference.");
    }
    if (!payer_.questions_text.empty()) sentences.push_back(payer_.questions_text);
    return sentences;
  }

  // The closing stays together: it starts a new page unless all of it fits.
  void Closing() {
    const std::vector<std::string> sentences = ClosingSentences();
    double height = 8;
    for (const std::string& sentence : sentences) {
      height += 3 + flow_.HeightOfParagraph(sentence, Style::kLabel);
    }
    const std::size_t pages = flow_.PageCount();
    flow_.Ensure(height);
    closing_is_alone_ = flow_.PageCount() > pages;
    flow_.Rule();
    flow_.Space(5);
    for (const std::string& sentence : sentences) {
      flow_.Space(3);
      flow_.Paragraph(sentence, Style::kLabel, "P");
    }
  }

  const PayerProfile& payer_;
  const OutboundPayment& payment_;
  std::vector<StatementGroup> groups_;
  Fit fit_;
  Flow flow_;
  bool closing_is_alone_ = false;
};

// The pages of a statement. A last page with nothing but the closing sentences reads like an error
// of printing: closer lines avoid it, or else the last block moves to that page with them. A
// payment whose one block fills its pages exactly is the case that is left as it is.
std::vector<Page> LayStatement(Typesetter& typesetter, const PayerProfile& payer,
                               const OutboundPayment& payment) {
  Statement usual(typesetter, payer, payment, Fit::kUsual);
  usual.Lay();
  if (!usual.ClosingIsAlone()) return usual.TakePages();
  for (const Fit fit : {Fit::kTight, Fit::kLastBlockOnNewPage}) {
    Statement other(typesetter, payer, payment, fit);
    other.Lay();
    if (!other.ClosingIsAlone()) return other.TakePages();
  }
  return usual.TakePages();
}

void SetColor(cairo_t* cr, Color color) {
  cairo_set_source_rgb(cr, color.red, color.green, color.blue);
}

void Draw(cairo_t* cr, const Mark& mark) {
  switch (mark.kind) {
    case Mark::Kind::kText:
      SetColor(cr, mark.color);
      cairo_move_to(cr, mark.x, mark.y);
      pango_cairo_show_layout(cr, mark.layout.get());
      return;
    case Mark::Kind::kBox:
      SetColor(cr, mark.color);
      cairo_rectangle(cr, mark.x, mark.y, mark.width, mark.height);
      cairo_fill(cr);
      return;
    case Mark::Kind::kTag:
      cairo_tag_begin(cr, mark.tag, nullptr);
      return;
    case Mark::Kind::kEndTag:
      cairo_tag_end(cr, mark.tag);
      return;
  }
}

void DrawFooter(cairo_t* cr, Typesetter& typesetter, const OutboundPayment& payment,
                std::size_t page, std::size_t pages) {
  constexpr double kTop = kPageHeight - 48;
  SetColor(cr, kLine);
  cairo_rectangle(cr, kMargin, kTop - 6, kTextWidth, 0.6);
  cairo_fill(cr);
  SetColor(cr, kMuted);
  const auto left = typesetter.Set(
      fmt::format("Payment {}  ·  {}", payment.payment_key, FormatDate(payment.effective_date)),
      Style::kSmall, kTextWidth / 2, Align::kLeft);
  const auto right = typesetter.Set(fmt::format("Page {} of {}", page, pages), Style::kSmall,
                                    kTextWidth / 2, Align::kRight);
  const auto draw = [&](PangoLayout* layout, double x) {
    cairo_tag_begin(cr, "P", nullptr);
    cairo_move_to(cr, x, kTop);
    pango_cairo_show_layout(cr, layout);
    cairo_tag_end(cr, "P");
  };
  draw(left.get(), kMargin);
  draw(right.get(), kMargin + kTextWidth / 2);
}

cairo_status_t Append(void* closure, const unsigned char* data, unsigned int length) {
  auto* const out = static_cast<std::string*>(closure);
  out->insert(out->end(), data, data + length);
  return CAIRO_STATUS_SUCCESS;
}

void SetMetadata(cairo_surface_t* surface, const PayerProfile& payer, Instant created,
                 std::span<const OutboundPayment> payments) {
  const std::string title =
      payments.size() == 1 ? "Remittance statement " + payments[0].payment_key
                           : fmt::format("Remittance statements {} to {}",
                                         payments.front().payment_key, payments.back().payment_key);
  const std::string when = created.ToString().substr(0, 19) + "Z";
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, payer.name.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, when.c_str());
}

}  // namespace

StatusOr<std::string> RenderStatementPdf(const PayerProfile& payer, Instant created,
                                         std::span<const OutboundPayment> payments) {
  if (payments.empty()) return InvalidArgument("a statement needs a payment");
  for (const OutboundPayment& payment : payments) RETURN_IF_ERROR(CheckPayment(payment));

  std::string bytes;
  const Owned<cairo_surface_t> surface(
      cairo_pdf_surface_create_for_stream(Append, &bytes, kPageWidth, kPageHeight));
  SetMetadata(surface.get(), payer, created, payments);
  const Owned<cairo_t> cr(cairo_create(surface.get()));
  Typesetter typesetter;
  for (const OutboundPayment& payment : payments) {
    typesetter.Trim();
    const std::vector<Page> pages = LayStatement(typesetter, payer, payment);
    for (std::size_t i = 0; i < pages.size(); ++i) {
      for (const Mark& mark : pages[i]) Draw(cr.get(), mark);
      DrawFooter(cr.get(), typesetter, payment, i + 1, pages.size());
      cairo_show_page(cr.get());
    }
  }
  cairo_surface_finish(surface.get());
  const cairo_status_t status = cairo_surface_status(surface.get());
  if (status != CAIRO_STATUS_SUCCESS || cairo_status(cr.get()) != CAIRO_STATUS_SUCCESS) {
    return Internal(
        "statement {}: the PDF could not be drawn: {}", payments[0].payment_key,
        cairo_status_to_string(status != CAIRO_STATUS_SUCCESS ? status : cairo_status(cr.get())));
  }
  return bytes;
}

}  // namespace sluice::payments

#if defined(__SANITIZE_ADDRESS__)
// fontconfig keeps one pattern (288 bytes) for the life of the process, however many files are
// drawn; the leak checker of instrumented builds would call that a leak.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\n"; }
#endif
