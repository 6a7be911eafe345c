// SPDX-License-Identifier: Apache-2.0
// The registry of diagnostic codes: the row here, a page in docs/diagnostics/, and a golden test.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace backfill::diagnostic {

// BF01xx syntax, BF02xx names, BF03xx types, BF04xx missing values, BF05xx scope and classes, BF06xx effects
// and intent, BF07xx stages pace verify rollback, BF08xx tests and modules, BF09xx limits and not supported
// yet, BF10xx other rows. X(code number, NAME, severity, "title")
#define BACKFILL_DIAGNOSTIC_CODES(X)                                                           \
  X(101, SyntaxError, Error, "something else was expected here")                               \
  X(102, GluedComment, Error, "`--` touches what stands before it")                            \
  X(103, DuplicateClause, Error, "this clause stands twice")                                   \
  X(104, ChainedComparison, Error, "comparisons do not chain")                                 \
  X(105, PipeOperand, Error, "an operand with `|>` needs parentheses")                         \
  X(106, Unterminated, Error, "a quoted text or a block is not closed")                        \
  X(107, NotUtf8, Error, "the file is not UTF-8")                                              \
  X(108, ControlCharacter, Error, "the file holds a control character")                        \
  X(109, EmptyFile, Error, "the file holds no backfill and no function")                       \
  X(110, GluedNumber, Error, "something touches a number")                                     \
  X(111, OptionalCast, Error, "`as` takes no optional type")                                   \
  X(112, NotCallable, Error, "this cannot be called or indexed")                               \
  X(113, LiteralOutOfRange, Error, "a literal is outside what can be represented")             \
  X(201, UnknownTable, Error, "there is no such table in the schema")                          \
  X(202, UnknownColumn, Error, "there is no such column")                                      \
  X(203, UnknownFunction, Error, "there is no such function")                                  \
  X(204, UnknownType, Error, "there is no such type")                                          \
  X(205, DuplicateName, Error, "the name is taken")                                            \
  X(301, TypeMismatch, Error, "the type does not fit")                                         \
  X(302, NoSuchOverload, Error, "the function does not take these arguments")                  \
  X(303, NotACondition, Error, "a condition is true or false")                                 \
  X(304, NoConversion, Error, "there is no such conversion")                                   \
  X(305, AlwaysFails, Error, "the expression fails for every row")                             \
  X(306, OpaqueColumn, Error, "the column's type cannot be computed with")                     \
  X(307, UnreachableArm, Error, "the arm can never be taken")                                  \
  X(308, RecursiveFunction, Error, "the function calls itself")                                \
  X(309, ElseNeverTaken, Warning, "the else can never be taken")                               \
  X(310, FloatEquality, Warning, "floats are compared to the last bit")                        \
  X(311, TextMayNotFit, Warning, "the text may be longer than the column")                     \
  X(312, UnanchoredPattern, Warning, "the pattern is found anywhere in the text")              \
  X(320, PatternNotPortable, Error, "databases would read the pattern differently")            \
  X(401, MayBeMissing, Error, "the value may be missing where it must not be")                 \
  X(402, ComparedWithMissing, Error, "a comparison with missing is missing")                   \
  X(403, CaseWithoutElse, Error, "the case has no else, and the column is NOT NULL")           \
  X(404, CaseNotExhaustive, Error, "the case leaves values out")                               \
  X(405, MemberMayBeMissing, Warning, "a member of `not in` may be missing")                   \
  X(501, NeverNarrows, Error, "the condition says the same of every row")                      \
  X(502, KeyNotUnique, Error, "the key does not tell rows apart")                              \
  X(503, KeyMayBeMissing, Error, "a key column may be missing")                                \
  X(504, NoKey, Error, "the table has no key")                                                 \
  X(505, KeyTypeNotOrdered, Error, "a key column's type cannot order rows")                    \
  X(601, FillNotNull, Error, "`fill` of a NOT NULL column has nothing to fill")                \
  X(602, NotRepeatable, Error, "running it twice would do harm")                               \
  X(603, GeneratedTarget, Error, "the database computes this column itself")                   \
  X(604, KeyTarget, Error, "a key column cannot be derived")                                   \
  X(605, NoEffect, Error, "the backfill changes nothing")                                      \
  X(606, IntentNeeds, Error, "the intent asks for more")                                       \
  X(607, NoTable, Error, "the backfill has no table")                                          \
  X(608, ReadsWritten, Warning, "a derivation reads what another one writes")                  \
  X(609, FillsNothing, Error, "`fill` writes only where the value is missing too")             \
  X(610, CascadeIntoInput, Error, "writing one row changes what another one is derived from")  \
  X(611, DeleteReachesFurther, Error, "the delete reaches further than what is captured")      \
  X(612, NeverSeen, Error, "what this writes is deleted at once")                              \
  X(613, InsertUndecided, Error, "the insert does not say what happens when the row is there") \
  X(614, InsertIncomplete, Error, "the insert leaves out a column that needs a value")         \
  X(615, ConflictWithoutKey, Error, "nothing would ever conflict: the columns are no key")     \
  X(616, MergeRule, Error, "a merge has no such rule for the column")                          \
  X(617, MergeReferenced, Error, "something else refers to rows that are merged away")         \
  X(618, RepointUnclear, Error, "it is not clear what is repointed")                           \
  X(701, StageNeverReached, Error, "the stage can take no row")                                \
  X(702, AmountOutOfRange, Error, "the amount does not make sense")                            \
  X(703, CeremonyMissing, Error, "a boundary is crossed without what it asks for")             \
  X(704, StageSaysNothing, Error, "the stage does not say which candidates it takes")          \
  X(801, TestUnknownColumn, Error, "the test names no such column")                            \
  X(802, TestValue, Error, "the test's value does not fit")                                    \
  X(803, TestIncomplete, Error, "the test leaves out what the backfill reads")                 \
  X(804, TestUnknownRule, Error, "the test names no such exclusion or review")                 \
  X(805, UnknownModule, Error, "there is no such module")                                      \
  X(806, ModuleCycle, Error, "the module uses itself")                                         \
  X(807, ModuleDoesNotCompile, Error, "the module does not compile")                           \
  X(901, NotSupportedYet, Error, "the language has it, this version does not")                 \
  X(902, NotInSql, Error, "a database's own SQL cannot compute this exactly")                  \
  X(910, TooDeep, Error, "expressions are nested too deeply")                                  \
  X(911, LineTooLong, Error, "a line is too long")                                             \
  X(912, FileTooLarge, Error, "the file is too large")                                         \
  X(913, TooManyErrors, Error, "there are more errors")                                        \
  X(1001, LookupNotUnique, Error, "more than one row may be found")                            \
  X(1002, OrderCanTie, Error, "the order can tie")                                             \
  X(1003, BareColumnInQuery, Error, "a column inside of a query says whose it is")             \
  X(1004, QueryNotInSql, Error, "the database cannot compute this part of a query exactly")    \
  X(1005, RowIsNoValue, Error, "a row is not a value")                                         \
  X(1006, ParamValue, Error, "a param has no value, or one that does not fit")                 \
  X(1007, NotOwnRows, Error, "a row of another table may belong to two rows")                  \
  X(1010, ExternNotHere, Error, "an extern function is asked for candidates alone")            \
  X(1011, SourceHeader, Error, "the file does not have what the source names")                 \
  X(1012, SourceField, Error, "a source cannot be read like this")

enum class Code : std::uint16_t {
#define X(number, name, severity, title) name = number,
  BACKFILL_DIAGNOSTIC_CODES(X)
#undef X
};

struct CodeRow {
  Code code;
  std::string_view name;
  bool is_error;
  std::string_view title;
};

std::span<const CodeRow> codes();
const CodeRow& row(Code code);
// "BF0101"
std::string_view text(Code code);

}  // namespace backfill::diagnostic
