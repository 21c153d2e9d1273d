# Canaries: -DSLUICE_CANARY=NAME builds the product with one guard taken out, so that tests/fault/canary
# can see that a test misses it. The source itself is never touched: a copy without the guard is
# compiled in its place.
set(SLUICE_CANARY "" CACHE STRING "Guard to build without: head_lock, claim_key or outbox_fsync")
set_property(CACHE SLUICE_CANARY PROPERTY STRINGS "" head_lock claim_key outbox_fsync)

# Compiles `target` with `old` replaced by `new` in its source `file`.
function(sluice_take_out target file old new)
  get_target_property(directory ${target} SOURCE_DIR)
  file(READ ${directory}/${file} text)
  string(FIND "${text}" "${old}" found)
  if(found EQUAL -1)
    message(FATAL_ERROR "canary ${SLUICE_CANARY}: ${file} has no \"${old}\" any more")
  endif()
  string(REPLACE "${old}" "${new}" text "${text}")
  set(copy ${CMAKE_BINARY_DIR}/canary/${file})
  file(WRITE ${copy} "${text}")
  get_target_property(sources ${target} SOURCES)
  list(TRANSFORM sources REPLACE "^${file}$" "${copy}")
  set_target_properties(${target} PROPERTIES SOURCES "${sources}")
endfunction()

if(SLUICE_CANARY STREQUAL "head_lock")
  # Two postings of one book read the same head.
  sluice_take_out(sluice_ledger head_store.cc "WHERE book_id = $1\n  FOR UPDATE"
    "WHERE book_id = $1")
elseif(SLUICE_CANARY STREQUAL "claim_key")
  # An obligation may be in two live payments.
  sluice_take_out(sluice_pg migrate.cc "tx.RunScript(next.sql);"
    "{
            std::string sql = next.sql;
            const std::string key = \"CREATE UNIQUE INDEX obligation_claim_live\";
            if (const auto at = sql.find(key); at != std::string::npos) {
              sql.replace(at, key.size(), \"CREATE INDEX obligation_claim_live\");
            }
            tx.RunScript(sql);
          }")
elseif(SLUICE_CANARY STREQUAL "outbox_fsync")
  # A file gets its name before its bytes are on the disk.
  sluice_take_out(sluice_payments file_delivery.cc
    "if (::fsync(file.Get()) != 0) return Failed(\"sync\", path);" "")
elseif(SLUICE_CANARY)
  message(FATAL_ERROR "there is no canary ${SLUICE_CANARY}")
endif()
