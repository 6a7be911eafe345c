INSERT INTO "Conversations" SELECT i, pick(i, NULL, '{}', '{A,b,"Ünï Code"}', '{"x,Y",NULL}', '{a,A}')::text[] FROM numbers(100) i;
INSERT INTO "Expenses" SELECT i, pick(i, NULL, '{}', '{A,b}', '{"quoted \"Z\""}')::text[] FROM numbers(100) i;
