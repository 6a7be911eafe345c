INSERT INTO users SELECT i, pick(i, NULL, '', 'https://x/"quoted".png', 'https://é/1.png'), pick(i, NULL, '{}', '{"a": 1.50}', '{"profile_image_url": "old", "b": null}')::jsonb FROM numbers(150) i;
