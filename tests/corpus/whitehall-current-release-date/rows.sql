INSERT INTO statistics_announcements SELECT i, pick(i, NULL, 5) FROM numbers(60) i;
INSERT INTO statistics_announcement_dates SELECT i * 13 % 307, pick(i, NULL, num(i, 70)::int), pick(i, NULL, timestamp '2020-01-01', at(i)::timestamp) FROM numbers(300) i;
