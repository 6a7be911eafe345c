-- SPDX-License-Identifier: Apache-2.0
-- What the entries' rows.sql make their rows with: the same ones each time, without random(). Gone before the run.
CREATE SCHEMA rows;
SET search_path = public, rows;

-- 0 .. below - 1, by the row's number and a salt.
CREATE FUNCTION rows.num(row_number bigint, below bigint, salt text DEFAULT '') RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT ('x' || substr(md5(row_number || '/' || salt), 1, 12))::bit(48)::bigint % below $$;

-- One of the choices.
CREATE FUNCTION rows.pick(row_number bigint, VARIADIC choices anycompatiblearray) RETURNS anycompatible LANGUAGE sql IMMUTABLE AS
$$ SELECT choices[1 + rows.num(row_number, cardinality(choices), choices::text)] $$;

-- A UUID, a moment of 2019 to 2026, a text with edges.
CREATE FUNCTION rows.id(row_number bigint, salt text DEFAULT '') RETURNS uuid LANGUAGE sql IMMUTABLE AS
$$ SELECT md5(row_number || 'id' || salt)::uuid $$;
CREATE FUNCTION rows.at(row_number bigint, salt text DEFAULT '') RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
$$ SELECT timestamptz '2019-01-01 00:00:00+00' + rows.num(row_number, 7 * 365 * 86400, 'at' || salt) * interval '1 second' $$;
CREATE FUNCTION rows.words(row_number bigint, salt text DEFAULT '') RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT rows.pick(row_number, NULL, '', ' ', 'plain ' || row_number, 'Ärger ' || salt || row_number, 'two  blanks ', '日本' || salt,
                    'it''s "quoted" \ ' || row_number, E'two\nlines', 'MiXed' || salt, 'e' || chr(769), '😀 ' || row_number) $$;
CREATE FUNCTION rows.numbers(most int) RETURNS SETOF bigint LANGUAGE sql AS $$ SELECT generate_series(1, most) $$;
