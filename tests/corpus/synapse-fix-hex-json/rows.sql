INSERT INTO event_json SELECT '$' || i, 'r', '{}', pick(i, '{"a": 1}', '\x' || encode(convert_to('{"é": ' || i || '}', 'UTF8'), 'hex'), '\x' || upper(encode(convert_to('{"b": 1}', 'UTF8'), 'hex')), '\x')
FROM numbers(200) i;
INSERT INTO redactions SELECT 'x' || i, '$' || num(i, 220), num(i, 3) > 0 FROM numbers(200) i;
