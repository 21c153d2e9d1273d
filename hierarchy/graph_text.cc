// The canonical text of a HierarchySnapshot (hierarchy/graph.h):
//
//   sluice-hierarchy<TAB>1<TAB>as of<TAB>version
//   party<TAB>id<TAB>kind<TAB>name
//   identifier<TAB>id<TAB>type<TAB>scope<TAB>value          below its party
//   edge<TAB>parent<TAB>child<TAB>role<TAB>from<TAB>to      to is "-" for an open end
//   end<TAB>SHA-256 of all lines before
//
// Backslash, tab, line feed and carriage return inside a field are written \\ \t \n \r. Reading
// accepts exactly what writing gives: the text is written again and compared.
#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "core/check.h"
#include "core/escape.h"
#include "hierarchy/graph.h"

namespace sluice::hierarchy {
namespace {

constexpr std::string_view kMagic = "sluice-hierarchy";
constexpr std::string_view kFormat = "1";

// A wrong escape is read as its letter: the comparison at the end of reading refuses it.
std::string Unescape(std::string_view field) {
  std::string text;
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] != '\\' || i + 1 == field.size()) {
      text += field[i];
      continue;
    }
    switch (field[++i]) {
      case 't':
        text += '\t';
        break;
      case 'n':
        text += '\n';
        break;
      case 'r':
        text += '\r';
        break;
      default:
        text += field[i];
    }
  }
  return text;
}

std::vector<std::string> SplitFields(std::string_view line) {
  std::vector<std::string> fields;
  for (;;) {
    const std::size_t tab = line.find('\t');
    fields.push_back(Unescape(line.substr(0, tab)));
    if (tab == std::string_view::npos) return fields;
    line.remove_prefix(tab + 1);
  }
}

std::string EndLine(std::string_view body) {
  return fmt::format("end\t{}\n", ToHex(Sha256(AsBytes(body))));
}

std::string Body(const HierarchySnapshot& snapshot) {
  std::string text = fmt::format("{}\t{}\t{}\t{}\n", kMagic, kFormat,
                                 FormatDate(snapshot.Header().as_of), snapshot.Header().version);
  for (const SnapshotParty& party : snapshot.Parties()) {
    const std::string id = party.id.ToString();
    text +=
        fmt::format("party\t{}\t{}\t{}\n", id, PartyKindName(party.kind), EscapeField(party.name));
    for (const Identifier& identifier : party.identifiers) {
      text += fmt::format("identifier\t{}\t{}\t{}\t{}\n", id, IdentifierTypeName(identifier.type),
                          EscapeField(identifier.scope), EscapeField(identifier.value));
    }
  }
  for (const SnapshotEdge& edge : snapshot.Edges()) {
    text +=
        fmt::format("edge\t{}\t{}\t{}\t{}\t{}\n", edge.parent, edge.child, EscapeField(edge.role),
                    FormatDate(edge.valid.from), edge.valid.to ? FormatDate(*edge.valid.to) : "-");
  }
  return text;
}

class Reader {
 public:
  Status ReadLine(std::string_view line) {
    const std::vector<std::string> fields = SplitFields(line);
    const std::string& word = fields[0];
    if (!has_header_) return ReadHeader(fields);
    if (word == "party" && fields.size() == 4) return ReadParty(fields);
    if (word == "identifier" && fields.size() == 5) return ReadIdentifier(fields);
    if (word == "edge" && fields.size() == 6) return ReadEdge(fields);
    return InvalidArgument("'{}' with {} fields is not a line of a hierarchy", word, fields.size());
  }

  StatusOr<HierarchySnapshot> Take() {
    return HierarchySnapshot::Make(header_, std::move(parties_), std::move(edges_));
  }

 private:
  Status ReadHeader(const std::vector<std::string>& fields) {
    if (fields.size() != 4 || fields[0] != kMagic || fields[1] != kFormat) {
      return InvalidArgument("the text does not begin with '{}' and format {}", kMagic, kFormat);
    }
    ASSIGN_OR_RETURN(header_.as_of, ParseDate(fields[2]));
    const char* const end = fields[3].data() + fields[3].size();
    const auto [stop, error] = std::from_chars(fields[3].data(), end, header_.version);
    if (error != std::errc() || stop != end) {
      return InvalidArgument("'{}' is not a version", fields[3]);
    }
    has_header_ = true;
    return OkStatus();
  }

  Status ReadParty(const std::vector<std::string>& fields) {
    SnapshotParty party;
    ASSIGN_OR_RETURN(party.id, PartyId::Parse(fields[1]));
    ASSIGN_OR_RETURN(party.kind, ParsePartyKind(fields[2]));
    party.name = fields[3];
    parties_.push_back(std::move(party));
    return OkStatus();
  }

  Status ReadIdentifier(const std::vector<std::string>& fields) {
    ASSIGN_OR_RETURN(const PartyId party, PartyId::Parse(fields[1]));
    if (parties_.empty() || parties_.back().id != party) {
      return InvalidArgument("the identifier of {} does not stand below its party", party);
    }
    ASSIGN_OR_RETURN(const IdentifierType type, ParseIdentifierType(fields[2]));
    ASSIGN_OR_RETURN(Identifier identifier, MakeIdentifier(type, fields[3], fields[4]));
    parties_.back().identifiers.push_back(std::move(identifier));
    return OkStatus();
  }

  Status ReadEdge(const std::vector<std::string>& fields) {
    SnapshotEdge edge;
    ASSIGN_OR_RETURN(edge.parent, PartyId::Parse(fields[1]));
    ASSIGN_OR_RETURN(edge.child, PartyId::Parse(fields[2]));
    edge.role = fields[3];
    RETURN_IF_ERROR(CheckRole(edge.role));
    ASSIGN_OR_RETURN(edge.valid.from, ParseDate(fields[4]));
    if (fields[5] != "-") {
      ASSIGN_OR_RETURN(edge.valid.to, ParseDate(fields[5]));
    }
    edges_.push_back(std::move(edge));
    return OkStatus();
  }

  bool has_header_ = false;
  SnapshotHeader header_;
  std::vector<SnapshotParty> parties_;
  std::vector<SnapshotEdge> edges_;
};

}  // namespace

std::string HierarchySnapshot::ToText() const {
  std::string text = Body(*this);
  text += EndLine(text);
  return text;
}

Digest HierarchySnapshot::Hash() const { return Sha256(AsBytes(ToText())); }

StatusOr<HierarchySnapshot> HierarchySnapshot::FromText(std::string_view text) {
  const std::size_t end = text.rfind("end\t");
  if (end == std::string_view::npos || end == 0 || text[end - 1] != '\n') {
    return InvalidArgument("the hierarchy's text has no end line; it was cut");
  }
  const std::string_view body = text.substr(0, end);
  if (text.substr(end) != EndLine(body)) {
    return InvalidArgument(
        "the hierarchy's text was changed: its SHA-256 is not the one in its "
        "end line");
  }
  Reader reader;
  int line_number = 0;
  for (std::string_view rest = body; !rest.empty();) {
    ++line_number;
    const std::size_t feed = rest.find('\n');
    CHECK(feed != std::string_view::npos);
    const Status status = reader.ReadLine(rest.substr(0, feed));
    if (!status.ok()) return Annotate(status, fmt::format("hierarchy text, line {}", line_number));
    rest.remove_prefix(feed + 1);
  }
  ASSIGN_OR_RETURN(HierarchySnapshot snapshot, reader.Take());
  if (Body(snapshot) != body) {
    return InvalidArgument("the hierarchy's text is not in its canonical form");
  }
  return snapshot;
}

}  // namespace sluice::hierarchy
