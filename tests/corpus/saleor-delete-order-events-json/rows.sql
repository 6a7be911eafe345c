INSERT INTO order_orderevent SELECT i, pick(i, 'email_sent', 'email_sent', 'placed', ''), pick(i, '{}', '{"email_type": "digital_links"}', '{"email_type": "Digital_links"}', '{"email_type": null}', '[]', '{"email_type": ["digital_links"]}')::jsonb
FROM numbers(300) i;
