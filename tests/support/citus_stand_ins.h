// deploy/distribution.sql on one PostgreSQL: functions of ours in the place of Citus's, which write
// down what they are asked in public.declared. The script does everything else that it does on a
// cluster: the policies without a subquery, the column they compare, the triggers it drops.
#pragma once

#include <fstream>
#include <iterator>
#include <string>

namespace sluice::testing {

inline constexpr const char* kCitusStandIns = R"sql(
  CREATE TABLE public.declared (
    name text NOT NULL, kind text NOT NULL, by_column text, colocated_with text);
  CREATE FUNCTION public.create_reference_table(name text) RETURNS void LANGUAGE sql AS
    $$ INSERT INTO public.declared VALUES ($1, 'reference', NULL, NULL) $$;
  CREATE FUNCTION public.create_distributed_table(name text, by_column text, colocate_with text)
    RETURNS void LANGUAGE sql AS
    $$ INSERT INTO public.declared VALUES ($1, 'distributed', $2, $3) $$;
  CREATE FUNCTION public.citus_add_local_table_to_metadata(name text) RETURNS void LANGUAGE sql AS
    $$ INSERT INTO public.declared VALUES ($1, 'local', NULL, NULL) $$;
)sql";

inline std::string DistributionScript() {
  std::ifstream file("deploy/distribution.sql");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace sluice::testing
