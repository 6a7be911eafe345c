INSERT INTO "User" SELECT id(i), pick(i, NULL, 0, 1, 100, -4, 32763)::smallint, pick(i, NULL, NULL, 9)::smallint FROM numbers(150) i;
INSERT INTO "Organization" SELECT id(i), pick(i, NULL, 1, 100)::smallint, pick(i, NULL, NULL, 9)::smallint FROM numbers(100) i;
