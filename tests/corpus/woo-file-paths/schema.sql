-- dialect: postgres
CREATE TABLE wp_postmeta (meta_id bigint PRIMARY KEY, post_id bigint, meta_key varchar(255), meta_value text);
CREATE TABLE wp_woocommerce_downloadable_product_permissions (permission_id bigint PRIMARY KEY, product_id bigint, download_id varchar(36));
