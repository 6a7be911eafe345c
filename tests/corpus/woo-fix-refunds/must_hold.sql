SELECT o.id FROM wp_posts o JOIN wp_postmeta m ON m.post_id = o.id AND m.meta_key = '_order_total' WHERE o.post_status = 'wc-refunded' AND o.post_type = 'shop_order' AND m.meta_value::numeric > coalesce((
  SELECT sum(a.meta_value::numeric) FROM wp_posts r JOIN wp_postmeta a ON a.post_id = r.id WHERE r.post_parent = o.id AND a.meta_key = '_refund_amount'), 0);
