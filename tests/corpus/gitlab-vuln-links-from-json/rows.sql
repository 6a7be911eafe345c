INSERT INTO vulnerability_occurrences SELECT i, pick(i, NULL, 'no json', '{}', '{"links": null}', '{"links": []}', '{"links": [{"name": "CVE", "url": "https://é/1"}, null, {"url": "https://x"}]}',
  '{"links": [{"url": "https://x", "name": null}, {"url": "https://x"}, {"name": "n", "url": "https://y"}, {"name": "n", "url": "https://y"}]}') FROM numbers(150) i;
INSERT INTO vulnerability_finding_links (vulnerability_occurrence_id, name, url) SELECT i, NULL, 'https://x' FROM numbers(20) i;
