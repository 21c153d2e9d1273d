#include "core/pg/sqlstate.h"

#include <algorithm>
#include <array>

namespace sluice::pg {
namespace {

using absl::StatusCode;
using enum ErrorKind;

constexpr std::array kRules = {
    // Single states, which win over their class.
    SqlstateRule{"", StatusCode::kUnavailable, kTransient, true, "the connection was lost"},
    SqlstateRule{"21000", StatusCode::kFailedPrecondition, kDefinite, true,
                 "a row was expected once and is there several times"},
    SqlstateRule{"22021", StatusCode::kInvalidArgument, kDefinite, false,
                 "a text is not valid UTF-8 or holds a zero byte"},
    SqlstateRule{"22P05", StatusCode::kInvalidArgument, kDefinite, false,
                 "a text holds a character that cannot be stored"},
    SqlstateRule{"23505", StatusCode::kAlreadyExists, kDefinite, true, "a row like it exists"},
    SqlstateRule{"25006", StatusCode::kUnavailable, kTransient, true,
                 "the server accepts no writes"},
    SqlstateRule{"25P03", StatusCode::kDeadlineExceeded, kDefinite, true,
                 "the transaction sat idle for too long"},
    SqlstateRule{"40001", StatusCode::kAborted, kTransient, true, "a serialization failure"},
    SqlstateRule{"40003", StatusCode::kUnavailable, kAmbiguous, true, "the outcome is unknown"},
    SqlstateRule{"40P01", StatusCode::kAborted, kTransient, true, "a deadlock"},
    SqlstateRule{"42501", StatusCode::kPermissionDenied, kDefinite, true,
                 "the database role may not do this"},
    SqlstateRule{"55P03", StatusCode::kAborted, kTransient, true, "a lock was not free in time"},
    SqlstateRule{"57014", StatusCode::kDeadlineExceeded, kDefinite, true,
                 "the statement took longer than its time-out"},
    SqlstateRule{"57P04", StatusCode::kFailedPrecondition, kDefinite, true,
                 "the database was dropped"},
    // Classes.
    SqlstateRule{"00", StatusCode::kInternal, kBug, true, "success reported as an error"},
    SqlstateRule{"01", StatusCode::kInternal, kBug, false, "a warning reported as an error"},
    SqlstateRule{"02", StatusCode::kInternal, kBug, false, "no data"},
    SqlstateRule{"03", StatusCode::kInternal, kBug, true, "the statement is not complete yet"},
    SqlstateRule{"08", StatusCode::kUnavailable, kTransient, true, "the connection was lost"},
    SqlstateRule{"09", StatusCode::kInternal, kBug, false, "a trigger failed"},
    SqlstateRule{"0A", StatusCode::kInternal, kBug, true, "the server does not support this"},
    SqlstateRule{"0B", StatusCode::kInternal, kBug, true, "a wrong start of a transaction"},
    SqlstateRule{"0F", StatusCode::kInternal, kBug, true, "a wrong locator"},
    SqlstateRule{"0L", StatusCode::kInternal, kBug, true, "a wrong grantor"},
    SqlstateRule{"0P", StatusCode::kInternal, kBug, true, "a wrong role"},
    SqlstateRule{"0Z", StatusCode::kInternal, kBug, true, "a wrong diagnostics request"},
    SqlstateRule{"20", StatusCode::kInternal, kBug, false, "a case was not found"},
    SqlstateRule{"21", StatusCode::kInternal, kBug, true, "a cardinality violation"},
    SqlstateRule{"22", StatusCode::kInternal, kBug, false, "a value does not fit its column"},
    SqlstateRule{"23", StatusCode::kFailedPrecondition, kDefinite, true,
                 "the database refuses the row"},
    SqlstateRule{"24", StatusCode::kInternal, kBug, true, "a wrong cursor state"},
    SqlstateRule{"25", StatusCode::kInternal, kBug, true, "a wrong transaction state"},
    SqlstateRule{"26", StatusCode::kInternal, kBug, true, "an unknown prepared statement"},
    SqlstateRule{"27", StatusCode::kInternal, kBug, true, "a trigger changed the same row"},
    SqlstateRule{"28", StatusCode::kPermissionDenied, kDefinite, true,
                 "the server refused the user or password"},
    SqlstateRule{"2B", StatusCode::kFailedPrecondition, kDefinite, true,
                 "something depends on the object"},
    SqlstateRule{"2D", StatusCode::kInternal, kBug, true, "a wrong end of a transaction"},
    SqlstateRule{"2F", StatusCode::kInternal, kBug, false, "a routine failed"},
    SqlstateRule{"34", StatusCode::kInternal, kBug, true, "an unknown cursor"},
    SqlstateRule{"38", StatusCode::kInternal, kBug, false, "an external routine failed"},
    SqlstateRule{"39", StatusCode::kInternal, kBug, false, "an external routine was misused"},
    SqlstateRule{"3B", StatusCode::kInternal, kBug, true, "an unknown savepoint"},
    SqlstateRule{"3D", StatusCode::kFailedPrecondition, kDefinite, true,
                 "the database does not exist"},
    SqlstateRule{"3F", StatusCode::kFailedPrecondition, kDefinite, true,
                 "the schema does not exist"},
    SqlstateRule{"40", StatusCode::kFailedPrecondition, kDefinite, true,
                 "the server rolled the transaction back"},
    SqlstateRule{"42", StatusCode::kInternal, kBug, true, "the statement does not fit the schema"},
    SqlstateRule{"44", StatusCode::kFailedPrecondition, kDefinite, true,
                 "a view refuses the row"},
    SqlstateRule{"53", StatusCode::kUnavailable, kDefinite, true,
                 "the server is out of disk, memory or connections"},
    SqlstateRule{"54", StatusCode::kInternal, kBug, true, "a limit of the server was passed"},
    SqlstateRule{"55", StatusCode::kFailedPrecondition, kDefinite, true,
                 "the object is not in the state for this"},
    SqlstateRule{"57", StatusCode::kUnavailable, kTransient, true, "the server is going away"},
    SqlstateRule{"58", StatusCode::kInternal, kDefinite, true, "the server's machine failed"},
    SqlstateRule{"72", StatusCode::kAborted, kTransient, true, "a snapshot too old"},
    SqlstateRule{"F0", StatusCode::kInternal, kDefinite, true, "the server's configuration is bad"},
    SqlstateRule{"HV", StatusCode::kInternal, kBug, false, "a foreign table failed"},
    SqlstateRule{"P0", StatusCode::kInternal, kBug, false, "a database function refused"},
    SqlstateRule{"XX", StatusCode::kInternal, kDefinite, true, "the server failed inside"},
};

constexpr SqlstateRule kUnknown{"??", StatusCode::kInternal, kBug, false, "an unknown error"};

const SqlstateRule* Find(std::string_view sqlstate) {
  const auto with = [](std::string_view prefix) {
    return std::find_if(kRules.begin(), kRules.end(),
                        [&](const SqlstateRule& rule) { return rule.prefix == prefix; });
  };
  if (const auto* exact = with(sqlstate); exact != kRules.end()) return exact;
  if (const auto* group = with(sqlstate.substr(0, 2)); group != kRules.end()) return group;
  return nullptr;
}

}  // namespace

const SqlstateRule& RuleFor(std::string_view sqlstate) {
  const SqlstateRule* rule = Find(sqlstate);
  return rule != nullptr ? *rule : kUnknown;
}

bool IsClassified(std::string_view sqlstate) { return Find(sqlstate) != nullptr; }

}  // namespace sluice::pg
