// SPDX-License-Identifier: Apache-2.0
// An insert while it is checked: what it gives (insert.cc), for which elements (for_each.cc), what happens
// when the row is there (conflict.cc).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/check/effects.h"
#include "compiler/check/walk.h"

namespace backfill::check {

class Insert {
 public:
  // `each`: the `for` that it stands in; null: none. All must outlive it.
  Insert(Context& context, const syntax::Effect& effect, const Group& group, const schema::Table& table,
         const syntax::Effect* each)
      : context_(context), effect_(effect), group_(group), table_(table), for_(each) {}

  void check();

 private:
  [[nodiscard]] const schema::Column& column(int index) const {
    return table_.columns[static_cast<std::size_t>(index)];
  }
  void check_guard();
  void name_row();
  void pass(int index, ir::Passed passed);
  void copy_row(const syntax::RowValues& values);
  void assign_all(const syntax::RowValues& values);
  void give(int index, const ir::Expr* value, Span span);
  // Of a column and its value what the effect is given; nothing: reported.
  std::optional<ir::EffectColumn> given(int index, const ir::Expr* value, Span span);
  bool can_be_given(int index, Span span);
  void check_lacking();

  // Elements.
  bool begin_elements();
  [[nodiscard]] bool reads_element(const ir::Expr& expr) const;
  // A list of the values for each element; those that no element is read for are the same for each.
  std::optional<ir::EffectColumn> for_each(int index, const ir::Expr* value, Span span);
  const ir::Expr* listed(const Held& held, Span span);
  void narrow_elements(const ir::Expr* condition);
  // Where the guard holds there is an element.
  const ir::Expr* has_elements(const ir::Expr* guard);
  const ir::Expr* where_it_applies(const ir::Expr* value, const stdlib::Type& type, Span span);

  // The rule.
  void check_rule();
  void check_conflict(const std::vector<syntax::Name>& columns, Span span);
  void check_action();
  void check_update(const syntax::OnConflict& rule);
  void update(const syntax::Assignment& one);
  void check_told(Span span);
  void find_key();
  void check_collations();

  Context& context_;
  const syntax::Effect& effect_;
  const Group& group_;
  const schema::Table& table_;
  const syntax::Effect* for_;
  std::optional<Walk> walk_;
  std::optional<Variable> variable_;
  const ir::Expr* stays_ = nullptr;  // the elements for which there is a row; null: all of them
  ir::Effect out_;
  const ir::Expr* applies_ = nullptr;  // its guard; null: always
  std::set<int> given_, may_be_missing_;
};

}  // namespace backfill::check
