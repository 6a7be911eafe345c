UPDATE wp_woocommerce_downloadable_product_permissions p SET download_id = md5(meta_value) FROM wp_postmeta m
WHERE m.post_id = product_id AND meta_key = '_file_path' AND meta_value ~ '[^ ]';
UPDATE wp_postmeta SET meta_key = '_file_paths', meta_value = format('a:1:{s:32:"%s";s:%s:"%s";}', md5(meta_value), octet_length(meta_value), meta_value) WHERE meta_key = '_file_path' AND meta_value ~ '[^ ]';
