// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's types: one spelling for each (that of format_type), and what it means to us.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "compiler/schema/catalog.h"
#include "stdlib/type.h"

namespace backfill::database::postgres {

// Of a type in the spelling of format_type with an empty search_path: `character varying(40)`,
// `timestamp(3) with time zone`, `public.mood`, `integer[]`. Users' types are looked up in `types`; a domain
// has its base type's. Not optional; Opaque where there is no mapping.
stdlib::Type declared_type(std::string_view sql_type, std::span<const schema::UserType> types = {});

// That spelling, from the parser's parts. `schema` is empty where none was written; `modifiers` are those of
// numeric(10, 2), of an interval the mask of its fields first. Nothing that the system knows: `name` as it
// is, with its schema.
std::string type_spelling(std::string_view schema, std::string_view name,
                          std::span<const std::string> modifiers, bool array);

// Is it a type of pg_catalog, by its internal name (int4, timestamptz)?
bool is_system_type(std::string_view name);

// `billing.status`, `public."odd ""name"`: quoted as the server's quote_ident does.
std::string qualified_type(std::string_view schema, std::string_view name);
std::string quote_ident(std::string_view name);

}  // namespace backfill::database::postgres
