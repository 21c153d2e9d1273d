#include "payments/program_opening.h"

#include "payments/ledger/book_store.h"
#include "payments/run_store.h"
#include "performance/program_store.h"

namespace sluice::payments {

StatusOr<Pool> OpenProgram(const pg::Database& database, const NewProgram& asked,
                           IdGenerator& ids) {
  const performance::Program& program = asked.program;
  RETURN_IF_ERROR(performance::ValidateProgram(program));
  const Pool pool{.id = ids.Next<PoolTag>(),
                  .book = program.book,
                  .name = asked.pool.empty() ? program.name + " pool" : asked.pool,
                  .bank_account = ids.Next<BankAccountTag>()};
  return database.Transact([&](pg::Transaction& tx) -> StatusOr<Pool> {
    for (const performance::Program& known : performance::ListPrograms(tx)) {
      if (known.name == program.name) {
        return AlreadyExists("there is a program '{}' already: {}", known.name, known.id);
      }
    }
    performance::InsertProgram(tx, program);
    InsertBook(tx, {.id = program.book,
                    .payer = program.payer,
                    .program = program.id,
                    .kind = BookKind::kProgram});
    InsertPool(tx, pool);
    return pool;
  });
}

}  // namespace sluice::payments
