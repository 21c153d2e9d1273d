#!/usr/bin/env bash
# The login roles of the program, as deploy/README.md names them. Run once by the image, when it
# makes the cluster. The groups are those of the first migration.
set -euo pipefail

# psql reads the password from its file, so that it is in no argument and in no log.
for login in sluice:sluice_app:service sluice_file_builder:sluice_files:files \
  sluice_auditor:sluice_verify:verify; do
  IFS=: read -r name group password <<<"$login"
  psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username=postgres --dbname=sluice \
    --set=name="$name" --set=group="$group" <<SQL
\set password \`cat /run/secrets/${password}_password\`
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SELECT format('CREATE ROLE %I NOLOGIN', :'group')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'group') \gexec
SELECT format('CREATE ROLE %I LOGIN PASSWORD %L IN ROLE %I', :'name', :'password', :'group')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
SQL
done
