#pragma once

#include "store/sqlite/database.hpp"

namespace saldo::store::sqlite {

/// Brings the log's database to the newest schema, one step after the other. Throws StoreFailed when the database was
/// written by a newer Saldo than this one.
void migrate_log(Database& database);
/// The same refusal for a connection that only reads, and when the schema is older than this Saldo reads.
void require_log_schema(Database& database);

}  // namespace saldo::store::sqlite
