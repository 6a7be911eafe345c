INSERT INTO documents SELECT i, 'é' || i, i * 10, pick(i, NULL, i * 10) FROM numbers(60) i;
INSERT INTO editions SELECT i * 10, i, pick(i, 'superseded', 'superseded', 'superseded', 'published', NULL), 'News' FROM numbers(60) i;
INSERT INTO editions SELECT i * 10 + n, i, pick(i * 10 + n, 'deleted', 'published', 'unpublished', 'draft', 'superseded', NULL), 'News' FROM numbers(60) i, numbers(3) n WHERE num(i + n, 3) > 0;
INSERT INTO unpublishings (edition_id, unpublishing_reason_id) SELECT id, 1 FROM editions WHERE state = 'deleted' AND id % 4 = 1;
