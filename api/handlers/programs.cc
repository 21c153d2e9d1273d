// sluice.performance.v1.ProgramService: programs. What is recorded for them is in facts.cc.
#include <optional>
#include <string>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/performance_values.h"
#include "api/handlers/program_list_store.h"
#include "api/handlers/values.h"
#include "payments/program_opening.h"
#include "performance/program_store.h"
#include "sluice/performance/v1/program.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::Program;

v1::Program MessageOf(PayerId payer, const Program& program) {
  v1::Program to;
  to.set_name(ProgramNameOf(payer, program.id));
  to.set_display_name(program.name);
  to.set_stream(program.stream);
  to.set_lan_category(program.lan_category);
  to.set_book(fmt::format("payers/{}/books/{}", payer, program.book));
  Set(*to.mutable_create_time(), program.created_at);
  return to;
}

// Who sees a part of the payer sees the programs that they have a contract of; of all others they
// read the same, whether they are there or not.
StatusOr<v1::Program> GetProgram(Call& call, const v1::GetProgramRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  ASSIGN_OR_RETURN(const ProgramId id, path.Get<ProgramTag>("programs"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::Program> {
    const auto among = call.WhichParties();
    const std::optional<Program> program = performance::FindProgram(tx, id);
    if (!program || (among && !HasContractAmong(tx, id, *among))) {
      return NotFound("there is no program {}", id);
    }
    return MessageOf(call.Payer(), *program);
  });
}

StatusOr<v1::ListProgramsResponse> ListPrograms(Call& call,
                                                const v1::ListProgramsRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     ProgramFields(), "display_name"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListProgramsResponse> {
    const ProgramPage loaded = LoadProgramPage(tx, call.Payer(), call.WhichParties(), page);
    v1::ListProgramsResponse response;
    for (const Program& program : loaded.programs) {
      *response.add_programs() = MessageOf(call.Payer(), program);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::Program> CreateProgram(Call& call, const v1::CreateProgramRequest& request) {
  const Program program{.id = call.Ids().Next<ProgramTag>(),
                        .payer = call.Payer(),
                        .name = request.program().display_name(),
                        .stream = request.program().stream(),
                        .lan_category = request.program().lan_category(),
                        .book = call.Ids().Next<BookTag>(),
                        .created_at = call.Now()};
  return call.Change<v1::Program>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return payments::OpenProgram(database, {.program = program, .pool = ""}, call.Ids())
                 .status();
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::Program> {
         const std::optional<Program> made = performance::FindProgram(tx, program.id);
         if (!made) return Internal("the program is not there");
         return MessageOf(call.Payer(), *made);
       },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = ""});
}

}  // namespace

void ServePrograms(Methods& methods) {
  const std::string service = "sluice.performance.v1.ProgramService.";
  methods.Serve<v1::GetProgramRequest, v1::Program>(service + "GetProgram", GetProgram,
                                                    Narrowing::kByHandler);
  methods.Serve<v1::ListProgramsRequest, v1::ListProgramsResponse>(
      service + "ListPrograms", ListPrograms, Narrowing::kByHandler);
  methods.Serve<v1::CreateProgramRequest, v1::Program>(service + "CreateProgram", CreateProgram);
}

}  // namespace sluice::api
