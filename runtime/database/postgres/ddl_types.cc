// SPDX-License-Identifier: Apache-2.0
// Enums, domains, the spelling of types, and search_path.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/database/postgres/catalog_rules.h"
#include "runtime/database/postgres/declared_type.h"
#include "runtime/database/postgres/schema_builder.h"
#include "runtime/database/postgres/sql_text.h"

namespace backfill::database::postgres {

namespace {

struct Place {
  std::string schema, name;
};

Place place_of(const std::vector<std::string>& name) {
  return {name.size() > 1 ? name[name.size() - 2] : "", name.empty() ? "" : name.back()};
}

}  // namespace

void SchemaBuilder::create_enum(const PgQuery__CreateEnumStmt& create) {
  const Place place = place_of(names_of({create.type_name, create.n_type_name}));
  types_.push_back({schema_of(place.schema), place.name, names_of({create.vals, create.n_vals})});
}

void SchemaBuilder::alter_enum(const PgQuery__AlterEnumStmt& alter) {
  schema::UserType* type = find_type(names_of({alter.type_name, alter.n_type_name}));
  if (type == nullptr) return;
  std::vector<std::string>& labels = type->labels;
  if (*alter.old_val != '\0') {
    std::ranges::replace(labels, alter.old_val, std::string(alter.new_val));
  } else if (std::ranges::count(labels, alter.new_val) == 0) {
    auto at = std::ranges::find(labels, alter.new_val_neighbor);
    if (at != labels.end() && alter.new_val_is_after != 0) ++at;
    labels.insert(at, alter.new_val);
  }
}

void SchemaBuilder::create_domain(const PgQuery__CreateDomainStmt& create, const Statement& in) {
  const Place place = place_of(names_of({create.domainname, create.n_domainname}));
  schema::UserType domain{schema_of(place.schema), place.name};
  domain.base = spelling(*create.type_name);
  domain.collation = collation(create.coll_clause);
  for (const Node* node : Nodes(create.constraints, create.n_constraints)) {
    const PgQuery__Constraint& constraint = *node->constraint;
    if (constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL) domain.not_null = true;
    if (constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK) add_domain_check(domain, constraint, in);
    if (constraint.contype != PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT) continue;
    std::size_t limit = in.text.size();
    for (const Node* other : Nodes(create.constraints, create.n_constraints))
      if (other->constraint->location > constraint.location)
        limit = std::min(limit, in.at(other->constraint->location));
    Token keyword;
    if (next_token(in.text, in.at(constraint.location), keyword))
      domain.default_sql = on_one_line(up_to_item_end(in.text, keyword.end, limit));
  }
  types_.push_back(std::move(domain));
}

void SchemaBuilder::add_domain_check(schema::UserType& domain, const PgQuery__Constraint& constraint,
                                     const Statement& in) {
  std::string name = constraint.conname;
  const auto taken = [&] {
    return std::ranges::find(domain.checks, name, &schema::Check::name) != domain.checks.end();
  };
  if (name.empty()) {
    name = domain.name + "_check";
    for (int number = 1; taken(); ++number) name = fmt::format("{}_check{}", domain.name, number);
  }
  domain.checks.push_back({std::move(name), on_one_line(in_parentheses(in.text, in.at(constraint.location))),
                           constraint.skip_validation == 0});
}

void SchemaBuilder::alter_domain(const PgQuery__AlterDomainStmt& alter, const Statement& in) {
  schema::UserType* domain = find_type(names_of({alter.type_name, alter.n_type_name}));
  if (domain == nullptr) return;
  switch (*alter.subtype) {
    case 'N':
    case 'O':
      domain->not_null = *alter.subtype == 'O';
      break;
    case 'T':
      domain->default_sql.reset();
      if (const std::size_t at = behind_keywords(in.text, "set", "default", 0); at != std::string_view::npos)
        domain->default_sql = on_one_line(in.text.substr(at));
      break;
    case 'C':
      add_domain_check(*domain, *alter.def->constraint, in);
      break;
    case 'X':
      std::erase_if(domain->checks, [&](const schema::Check& check) { return check.name == alter.name; });
      break;
    case 'V':
      for (schema::Check& check : domain->checks)
        if (check.name == alter.name) check.validated = true;
      break;
    default:
      break;
  }
}

void SchemaBuilder::create_other_type(Nodes name) {
  const Place place = place_of(names_of(name));
  other_types_.emplace(schema_of(place.schema), place.name);
}

schema::UserType* SchemaBuilder::find_type(const std::vector<std::string>& name) {
  const Place place = place_of(name);
  const auto in_schema = [&](std::string_view schema) -> schema::UserType* {
    for (schema::UserType& type : types_)
      if (type.name == place.name && type.schema == schema) return &type;
    return nullptr;
  };
  if (!place.schema.empty()) return in_schema(place.schema);
  for (const std::string& schema : search_path_)
    if (schema::UserType* type = in_schema(schema)) return type;
  return nullptr;
}

// A name without schema is the system's first, then what search_path has, then taken to come from an
// extension, which stand in the schema where things are created.
std::string SchemaBuilder::spelling(const PgQuery__TypeName& type) const {
  const Place place = place_of(names_of({type.names, type.n_names}));
  std::vector<std::string> modifiers;
  for (const Node* node : Nodes(type.typmods, type.n_typmods)) modifiers.push_back(constant_of(node));
  std::string schema = place.schema;
  if (schema.empty() && !is_system_type(place.name)) {
    schema = creation_schema();
    for (auto one = search_path_.rbegin(); one != search_path_.rend(); ++one) {
      const bool there = other_types_.contains({*one, place.name}) ||
                         std::ranges::any_of(types_, [&](const schema::UserType& user) {
                           return user.schema == *one && user.name == place.name;
                         });
      if (there) schema = *one;
    }
  }
  return type_spelling(schema, place.name, modifiers, type.n_array_bounds != 0);
}

std::string SchemaBuilder::collation(const PgQuery__CollateClause* clause) const {
  if (clause == nullptr) return {};
  const Place place = place_of(names_of({clause->collname, clause->n_collname}));
  return compares_by_bytes(place.name) ? "" : place.name;
}

void SchemaBuilder::set_variable(const PgQuery__VariableSetStmt& set) {
  if (std::string_view(set.name) != "search_path") return;
  std::vector<std::string> values;
  if (set.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE) {
    for (const Node* node : Nodes(set.args, set.n_args)) values.push_back(constant_of(node));
  } else {
    values = {"public"};
  }
  set_search_path(values);
}

void SchemaBuilder::set_search_path(const std::vector<std::string>& values) {
  search_path_.clear();
  for (const std::string& value : values)
    if (!value.empty() && value != "$user" && value != "pg_catalog") search_path_.push_back(value);
}

// SELECT pg_catalog.set_config('search_path', 'a, b', false)
void SchemaBuilder::select(const PgQuery__SelectStmt& select) {
  if (select.n_target_list != 1) return;
  const Node* value = select.target_list[0]->res_target->val;
  if (value == nullptr || value->node_case != PG_QUERY__NODE__NODE_FUNC_CALL) return;
  const PgQuery__FuncCall& call = *value->func_call;
  if (call.n_args < 2 || text_of(call.funcname[call.n_funcname - 1]) != "set_config") return;
  if (constant_of(call.args[0]) != "search_path") return;
  const std::string path = constant_of(call.args[1]);
  std::vector<std::string> values;
  Token token;
  for (std::size_t at = 0; next_token(path, at, token); at = std::max(at, token.end)) {
    std::size_t from = token.begin;
    const std::vector<std::string> name = take_name(path, from);
    if (!name.empty()) values.push_back(name.back());
    at = std::max(from, token.end);
  }
  set_search_path(values);
}

}  // namespace backfill::database::postgres
