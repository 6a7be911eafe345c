-- ignore: wp_posts.id
-- ignore: wp_postmeta.meta_id
-- ignore: wp_postmeta.post_id
CREATE TEMP TABLE rest AS SELECT o.id, o.post_modified, m.meta_value::numeric(18, 2) - coalesce((SELECT sum(a.meta_value::numeric(18, 2)) FROM wp_posts r JOIN wp_postmeta a ON a.post_id = r.id
    WHERE r.post_parent = o.id AND r.post_type = 'shop_order_refund' AND a.meta_key = '_refund_amount'), 0) AS amount
  FROM wp_posts o JOIN wp_postmeta m ON m.post_id = o.id AND meta_key = '_order_total' WHERE post_status = 'wc-refunded' AND post_type = 'shop_order';
INSERT INTO wp_posts (post_type, post_status, post_parent, post_modified) SELECT 'shop_order_refund', 'wc-completed', id, post_modified FROM rest WHERE amount > 0;
INSERT INTO wp_postmeta (meta_key, meta_value) SELECT '_refund_amount', amount::text FROM rest WHERE amount > 0;
