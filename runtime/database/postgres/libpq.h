// SPDX-License-Identifier: Apache-2.0
// libpq, opened on first use: it brings twenty-five shared libraries (Kerberos, LDAP, TLS), and `--help` and
// `check` should not wait for them. In this namespace libpq's functions are called by their own names.
#pragma once

#include <libpq-fe.h>

#include "compiler/source/result.h"

namespace backfill::database::postgres {

// clang-format off
#define BACKFILL_LIBPQ(X) \
  X(PQclear) X(PQcmdStatus) X(PQcmdTuples) X(PQconnectdbParams) X(PQconninfoFree) X(PQconninfoParse) \
  X(PQerrorMessage) X(PQexec) X(PQexecParams) X(PQfinish) X(PQfname) X(PQftype) X(PQgetResult) X(PQgetisnull) \
  X(PQgetlength) X(PQgetvalue) X(PQhost) X(PQnfields) X(PQntuples) X(PQparameterStatus) X(PQputCopyData) \
  X(PQputCopyEnd) X(PQresultErrorField) X(PQresultMemorySize) X(PQresultStatus) X(PQsendQueryParams) X(PQserverVersion) \
  X(PQsetNoticeProcessor) X(PQstatus) X(PQtransactionStatus) X(PQuser)
#define BACKFILL_DECLARE(name) extern decltype(&::name) name;
BACKFILL_LIBPQ(BACKFILL_DECLARE)
#undef BACKFILL_DECLARE
// clang-format on

// Before any of them is called. Thread safe; later calls cost nothing.
Result<void> load_libpq();

}  // namespace backfill::database::postgres
