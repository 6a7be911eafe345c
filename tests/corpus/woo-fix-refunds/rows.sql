INSERT INTO wp_posts (post_type, post_status, post_parent, post_modified) SELECT 'shop_order', pick(i, 'wc-refunded', 'wc-refunded', 'wc-completed'), 0, at(i)::timestamp FROM numbers(60) i;
INSERT INTO wp_posts (post_type, post_status, post_parent, post_modified) SELECT 'shop_order_refund', 'wc-completed', 1 + num(i, 60), at(i)::timestamp FROM numbers(60) i;
INSERT INTO wp_postmeta (post_id, meta_key, meta_value) SELECT i, '_order_total', pick(i, '10.50', '7', '0', NULL) FROM numbers(60) i;
INSERT INTO wp_postmeta (post_id, meta_key, meta_value) SELECT 60 + i, '_refund_amount', pick(i, '10.50', '3.25', NULL) FROM numbers(60) i;
