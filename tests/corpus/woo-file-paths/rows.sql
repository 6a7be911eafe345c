INSERT INTO wp_postmeta SELECT i, CASE WHEN i % 3 = 0 THEN i ELSE i % 40 END, pick(i, NULL, '_file_path', '_price'), pick(i, NULL, '', '  ', '/files/é "' || i || '".zip', 'x') FROM numbers(150) i;
DELETE FROM wp_postmeta a USING wp_postmeta b WHERE a.meta_key = '_file_path' AND b.meta_key = '_file_path' AND a.post_id = b.post_id AND a.meta_id > b.meta_id;
INSERT INTO wp_woocommerce_downloadable_product_permissions SELECT i, pick(i, NULL, 1 + num(i, 150)), pick(i, NULL, '') FROM numbers(200) i;
