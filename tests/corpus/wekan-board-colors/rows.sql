INSERT INTO boards
SELECT 'b' || i, pick(i, NULL, '{"type": "color", "color": "#16A085"}', '{"color": "#2980B9"}', '{"color": "#999999"}', '{"type": "image"}', '{"color": null}', '{"color": "#ff00ff"}')::jsonb,
       pick(i, NULL, 'belize') FROM numbers(150) i;
