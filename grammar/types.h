// SPDX-License-Identifier: Apache-2.0
// `text`, `decimal(10, 2)?`, `[int32]`, `app.status`.
#pragma once

#include "grammar/lexical.h"

// clang-format off
namespace backfill::grammar {

struct type_raw;
struct optional_mark   : seq< one< '?' >, not_at< one< '?' > > > {};
struct type_number     : seq< digits, ws > {};
struct type_numbers    : seq< sign< "(" >, must< type_number >, star< sign< "," >, must< type_number > > > {};
struct close_type      : one< ')' > {};
struct type_name       : seq< name_here, star< one< '.' >, must< name_here > > > {};
struct element_type    : seq< type_raw > {};
struct close_element   : one< ']' > {};
struct list_type       : seq< sign< "[" >, must< element_type >, ws, must< close_element > > {};
struct named_type      : seq< type_name, opt< type_numbers, must< close_type > > > {};
struct plain_type      : sor< list_type, named_type > {};
struct type_raw        : seq< plain_type, opt< optional_mark > > {};
struct type            : seq< type_raw, ws > {};

// What `as` takes: a conversion always says itself what becomes of a missing value
struct no_optional     : not_at< optional_mark > {};
struct cast_type       : seq< plain_type, must< no_optional >, ws > {};

}  // namespace backfill::grammar
