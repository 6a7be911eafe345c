// SPDX-License-Identifier: Apache-2.0
// What the schema reader asks of pg_catalog. `{}` is where a condition on c.oid stands.
#pragma once

#include <string_view>

namespace backfill::database::postgres {

#define BACKFILL_USERS_TABLES                                                                            \
  "c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't' AND c.relnamespace NOT IN ("       \
  "SELECT oid FROM pg_catalog.pg_namespace WHERE nspname ~ '^pg_' OR nspname IN ('information_schema', " \
  "'backfill')){} "

constexpr std::string_view kTables =
    "SELECT c.oid, n.nspname, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, "
    "c.reltuples::int8, CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END, NULL, "
    "pg_catalog.pg_get_expr(c.relpartbound, c.oid), d.description "
    "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
    "LEFT JOIN pg_catalog.pg_description AS d ON d.objoid = c.oid AND d.objsubid = 0 AND "
    "d.classoid = 'pg_catalog.pg_class'::regclass WHERE " BACKFILL_USERS_TABLES;

// A type's own schema and name, or its elements', format_type's spelling of it, and whether it is an array.
#define BACKFILL_TYPE(type, modifier) \
  "bn.nspname, b.typname, pg_catalog.format_type(b.oid, " modifier "), e.oid IS NOT NULL, "
#define BACKFILL_TYPE_JOINS(type)                                                   \
  "JOIN pg_catalog.pg_type AS t ON t.oid = " type                                   \
  " LEFT JOIN pg_catalog.pg_type AS e ON e.oid = t.typelem AND e.typarray = t.oid " \
  "JOIN pg_catalog.pg_type AS b ON b.oid = coalesce(e.oid, t.oid) "                 \
  "JOIN pg_catalog.pg_namespace AS bn ON bn.oid = b.typnamespace "

constexpr std::string_view kColumns =
    "SELECT c.oid, a.attnum, a.attname, " BACKFILL_TYPE("a.atttypid", "a.atttypmod")
    "a.attnotnull, a.attgenerated, a.attidentity, pg_catalog.pg_get_expr(d.adbin, d.adrelid), co.collname, "
    "de.description FROM pg_catalog.pg_class AS c "
    "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
    BACKFILL_TYPE_JOINS("a.atttypid")
    "LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum "
    "LEFT JOIN pg_catalog.pg_collation AS co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation "
    "LEFT JOIN pg_catalog.pg_description AS de ON de.objoid = c.oid AND de.objsubid = a.attnum AND "
    "de.classoid = 'pg_catalog.pg_class'::regclass "
    "WHERE c.relkind NOT IN ('v', 'm') AND " BACKFILL_USERS_TABLES "ORDER BY c.oid, a.attnum";

// A foreign key to a partitioned table has more rows, one per partition; those of partitions stay.
constexpr std::string_view kConstraints =
    "SELECT c.oid, k.conname, k.contype, k.convalidated, k.condeferrable, k.condeferred, "
    "coalesce(pg_catalog.array_to_string(k.conkey, ' '), ''), rn.nspname, r.relname, "
    "pg_catalog.array_to_string(ARRAY(SELECT pg_catalog.quote_ident(a.attname) "
    "FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS u(attnum, place) "
    "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.attnum "
    "ORDER BY u.place), ','), k.confdeltype, k.confupdtype, "
    "CASE WHEN k.contype IN ('c', 'x') THEN pg_catalog.pg_get_constraintdef(k.oid) END "
    "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid "
    "LEFT JOIN pg_catalog.pg_constraint AS up ON up.oid = k.conparentid "
    "LEFT JOIN pg_catalog.pg_class AS r ON r.oid = k.confrelid "
    "LEFT JOIN pg_catalog.pg_namespace AS rn ON rn.oid = r.relnamespace "
    "WHERE k.contype IN ('c', 'f', 'x') AND (up.oid IS NULL OR up.conrelid <> k.conrelid) "
    "AND " BACKFILL_USERS_TABLES;

constexpr std::string_view kIndexes =
    "SELECT c.oid, ic.relname, i.indisunique, i.indisprimary, i.indpred IS NOT NULL, "
    "i.indisvalid AND i.indisready, am.amname, "
    "pg_catalog.array_to_string((i.indkey::int2[])[0:i.indnkeyatts - 1], ' '), "
    "pg_catalog.pg_get_indexdef(i.indexrelid), k.contype, k.condeferrable, k.condeferred "
    "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid "
    "JOIN pg_catalog.pg_class AS ic ON ic.oid = i.indexrelid JOIN pg_catalog.pg_am AS am ON am.oid = "
    "ic.relam "
    "LEFT JOIN pg_catalog.pg_constraint AS k ON k.conindid = i.indexrelid AND k.conrelid = c.oid AND "
    "k.contype IN ('p', 'u', 'x') WHERE " BACKFILL_USERS_TABLES;

constexpr std::string_view kTriggers =
    "SELECT c.oid, g.tgname, g.tgtype, g.tgenabled, n.nspname, p.proname, g.tgattr::text "
    "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_trigger AS g ON g.tgrelid = c.oid "
    "JOIN pg_catalog.pg_proc AS p ON p.oid = g.tgfoid JOIN pg_catalog.pg_namespace AS n ON n.oid = "
    "p.pronamespace WHERE (NOT g.tgisinternal OR g.tgparentid <> 0 AND NOT EXISTS (SELECT 1 FROM "
    "pg_catalog.pg_constraint AS k WHERE k.oid = g.tgconstraint AND k.contype = 'f')) "
    "AND " BACKFILL_USERS_TABLES;

constexpr std::string_view kRules =
    "SELECT c.oid, r.rulename, r.ev_type, r.is_instead, r.ev_enabled FROM pg_catalog.pg_class AS c "
    "JOIN pg_catalog.pg_rewrite AS r ON r.ev_class = c.oid "
    "WHERE c.relkind NOT IN ('v', 'm') AND " BACKFILL_USERS_TABLES;

constexpr std::string_view kParents =
    "SELECT c.oid, n.nspname, p.relname, c.relispartition FROM pg_catalog.pg_class AS c "
    "JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = c.oid "
    "JOIN pg_catalog.pg_class AS p ON p.oid = h.inhparent "
    "JOIN pg_catalog.pg_namespace AS n ON n.oid = p.relnamespace WHERE " BACKFILL_USERS_TABLES;

constexpr std::string_view kPartitionColumns =
    "SELECT c.oid, p.partattrs::text FROM pg_catalog.pg_class AS c "
    "JOIN pg_catalog.pg_partitioned_table AS p ON p.partrelid = c.oid WHERE " BACKFILL_USERS_TABLES;

constexpr std::string_view kHasChildren =
    "SELECT DISTINCT c.oid FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_inherits AS h ON h.inhparent = "
    "c.oid WHERE c.relkind <> 'p' AND " BACKFILL_USERS_TABLES;

constexpr std::string_view kEnums =
    "SELECT n.nspname, t.typname, e.enumlabel FROM pg_catalog.pg_enum AS e "
    "JOIN pg_catalog.pg_type AS t ON t.oid = e.enumtypid "
    "JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace "
    "ORDER BY n.nspname, t.typname, e.enumsortorder";

constexpr std::string_view kDomains =
    "SELECT o.oid, n.nspname, o.typname, " BACKFILL_TYPE("o.typbasetype", "o.typtypmod")
    "o.typnotnull, pg_catalog.pg_get_expr(o.typdefaultbin, 0), co.collname "
    "FROM pg_catalog.pg_type AS o JOIN pg_catalog.pg_namespace AS n ON n.oid = o.typnamespace "
    BACKFILL_TYPE_JOINS("o.typbasetype")
    "LEFT JOIN pg_catalog.pg_collation AS co ON co.oid = o.typcollation AND o.typcollation <> t.typcollation "
    "WHERE o.typtype = 'd' AND n.nspname NOT IN ('pg_catalog', 'information_schema')";

constexpr std::string_view kDomainChecks =
    "SELECT k.contypid, k.conname, k.convalidated, pg_catalog.pg_get_constraintdef(k.oid) "
    "FROM pg_catalog.pg_constraint AS k WHERE k.contypid <> 0 AND k.contype = 'c'";

constexpr std::string_view kOids = "SELECT c.oid FROM pg_catalog.pg_class AS c WHERE " BACKFILL_USERS_TABLES;

#undef BACKFILL_USERS_TABLES
#undef BACKFILL_TYPE
#undef BACKFILL_TYPE_JOINS

}  // namespace backfill::database::postgres
