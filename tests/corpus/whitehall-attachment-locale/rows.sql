INSERT INTO editions SELECT i, i / 2, pick(i, 'Consultation', 'Consultation', 'Publication', NULL), pick(i, NULL, 'en', 'cy', 'fr') FROM numbers(50) i;
INSERT INTO attachments SELECT i, pick(i, 'Edition', 'Edition', 'Response', NULL), pick(i, NULL, num(i, 55)::int, num(i, 50)::int), pick(i, 'HtmlAttachment', 'HtmlAttachment', 'FileAttachment', NULL),
  pick(i, NULL, NULL, NULL, 'de') FROM numbers(300) i;
