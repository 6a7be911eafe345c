// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sqlite/selection.h"

#include <fmt/format.h>
#include <algorithm>

#include <cmath>
#include <cstring>

#include "stdlib/bug.h"

namespace backfill::database::sqlite {

namespace {

void append(std::string& to, char tag, const void* data, std::size_t size) {
  const auto length = static_cast<std::uint64_t>(size);
  to += tag;
  to.append(reinterpret_cast<const char*>(&length), sizeof length);
  to.append(static_cast<const char*>(data), size);
}

// Numbers that compare equal encode equal: NUMERIC affinity may have turned 2.0 into 2.
void append_real(std::string& to, double number) {
  if (std::trunc(number) == number && std::fabs(number) < 9007199254740992.0) {
    const auto integer = static_cast<std::int64_t>(number);
    append(to, 'i', &integer, sizeof integer);
  } else {
    append(to, 'r', &number, sizeof number);
  }
}

void append(std::string& to, const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::Null:
      append(to, 'n', "", 0);
      break;
    case Cell::Kind::Integer:
      append(to, 'i', &cell.integer, sizeof cell.integer);
      break;
    case Cell::Kind::Real:
      append_real(to, cell.real);
      break;
    case Cell::Kind::Text:
      append(to, 't', cell.data, static_cast<std::size_t>(cell.size));
      break;
    case Cell::Kind::Blob:
      append(to, 'b', cell.data, static_cast<std::size_t>(cell.size));
      break;
  }
}

void append(std::string& to, sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER: {
      const std::int64_t integer = sqlite3_value_int64(value);
      append(to, 'i', &integer, sizeof integer);
      break;
    }
    case SQLITE_FLOAT:
      append_real(to, sqlite3_value_double(value));
      break;
    case SQLITE_TEXT: {
      const void* text = sqlite3_value_text(value);
      append(to, 't', text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
      break;
    }
    case SQLITE_BLOB: {
      const void* blob = sqlite3_value_blob(value);
      append(to, 'b', blob == nullptr ? "" : blob, static_cast<std::size_t>(sqlite3_value_bytes(value)));
      break;
    }
    default:
      append(to, 'n', "", 0);
      break;
  }
}

void give(sqlite3_context* context, const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::Null:
      sqlite3_result_null(context);
      break;
    case Cell::Kind::Integer:
      sqlite3_result_int64(context, cell.integer);
      break;
    case Cell::Kind::Real:
      sqlite3_result_double(context, cell.real);
      break;
    case Cell::Kind::Text:
      sqlite3_result_text64(context, cell.data, static_cast<sqlite3_uint64>(cell.size), SQLITE_STATIC,
                            SQLITE_UTF8);
      break;
    case Cell::Kind::Blob:
      sqlite3_result_blob64(context, cell.data, static_cast<sqlite3_uint64>(cell.size), SQLITE_STATIC);
      break;
  }
}

Selection* current_of(sqlite3_context* context) {
  return *static_cast<Selection**>(sqlite3_user_data(context));
}

void selected_function(sqlite3_context* context, int count, sqlite3_value** arguments) {
  Selection* selection = current_of(context);
  const std::int64_t index = selection == nullptr ? -1 : selection->find(arguments, count);
  if (index >= 0) selection->mark_seen(index);
  sqlite3_result_int(context, index >= 0 ? 1 : 0);
}

// Never a NULL that nobody derived: an unknown row or output ends the statement.
void new_function(sqlite3_context* context, int count, sqlite3_value** arguments) {
  Selection* selection = current_of(context);
  const auto output = static_cast<std::size_t>(sqlite3_value_int64(arguments[0]));
  const std::int64_t index = selection == nullptr ? -1 : selection->find(arguments + 1, count - 1);
  if (index < 0 || output >= selection->outputs()) {
    sqlite3_result_error(context, "backfill_new() was asked for a row that is not being written", -1);
    return;
  }
  give(context, selection->value(index, output));
}

}  // namespace

void Selection::fill(const RowBatch& batch, std::size_t key_columns,
                     std::span<const stdlib::ColumnBuffer> outputs, std::span<const std::string> output_names,
                     std::span<const std::int64_t> selected, std::vector<WriteFailure>& failures) {
  key_columns_ = key_columns;
  outputs_ = outputs.size();
  rows_.clear();
  keys_.clear();
  cells_.clear();
  encoded_.clear();
  index_.clear();
  integer_keys_.clear();
  arena_.reset();
  cursor_ = 0;
  for (const std::int64_t row : selected) {
    const std::size_t mark = cells_.size();
    for (std::size_t i = 0; i < outputs_; ++i) {
      const std::optional<Cell> cell = encode(outputs[i], row, arena_);
      if (!cell) {
        cells_.resize(mark);
        failures.push_back(
            {row, stdlib::RowError::NotStorable,
             fmt::format("the new value of `{}` cannot be stored exactly in SQLite", output_names[i])});
        break;
      }
      cells_.push_back(*cell);
    }
    if (cells_.size() == mark && outputs_ > 0) continue;
    rows_.push_back(row);
    for (std::size_t i = 0; i < key_columns_; ++i) {
      const std::optional<Cell> cell = encode(batch.inputs[i], row, arena_);
      BACKFILL_CHECK(cell.has_value(), "a key that was read cannot be written");
      keys_.push_back(*cell);
    }
  }
  forget_seen();
  integers_ = key_columns_ == 1;
  for (const Cell& key : keys_) integers_ = integers_ && key.kind == Cell::Kind::Integer;
  if (integers_) {
    for (const Cell& key : keys_) integer_keys_.push_back(key.integer);
    integers_ = std::is_sorted(integer_keys_.begin(), integer_keys_.end());
  }
  if (integers_) return;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    std::string& encoded = encoded_.emplace_back();
    for (const Cell& cell : key(i)) append(encoded, cell);
  }
  for (std::size_t i = 0; i < encoded_.size(); ++i) index_.emplace(encoded_[i], i);
}

std::int64_t Selection::find(sqlite3_value** key, int count) {
  if (integers_) {
    if (count != 1 || sqlite3_value_type(key[0]) != SQLITE_INTEGER) return -1;
    return find_integer(sqlite3_value_int64(key[0]));
  }
  wanted_.clear();
  for (int i = 0; i < count; ++i) append(wanted_, key[i]);
  return find_encoded();
}

std::int64_t Selection::find_integer(std::int64_t key) {
  const std::size_t size = integer_keys_.size();
  if (cursor_ < size && integer_keys_[cursor_] == key) return static_cast<std::int64_t>(cursor_);
  if (cursor_ + 1 < size && integer_keys_[cursor_ + 1] == key) return static_cast<std::int64_t>(++cursor_);
  const auto found = std::lower_bound(integer_keys_.begin(), integer_keys_.end(), key);
  if (found == integer_keys_.end() || *found != key) return -1;
  cursor_ = static_cast<std::size_t>(found - integer_keys_.begin());
  return static_cast<std::int64_t>(cursor_);
}

std::int64_t Selection::find_encoded() {
  if (cursor_ < encoded_.size() && encoded_[cursor_] == wanted_) return static_cast<std::int64_t>(cursor_);
  if (cursor_ + 1 < encoded_.size() && encoded_[cursor_ + 1] == wanted_)
    return static_cast<std::int64_t>(++cursor_);
  const auto found = index_.find(wanted_);
  if (found == index_.end()) return -1;
  cursor_ = found->second;
  return static_cast<std::int64_t>(cursor_);
}

Result<void> register_selection(const Connection& connection, Selection** current) {
  const int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
  if (sqlite3_create_function_v2(connection.handle(), "backfill_selected", -1, flags, current,
                                 selected_function, nullptr, nullptr, nullptr) != SQLITE_OK ||
      sqlite3_create_function_v2(connection.handle(), "backfill_new", -1, flags, current, new_function,
                                 nullptr, nullptr, nullptr) != SQLITE_OK)
    return connection.failure("register its SQL functions");
  return {};
}

}  // namespace backfill::database::sqlite
