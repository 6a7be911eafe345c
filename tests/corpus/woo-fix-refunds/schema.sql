-- dialect: postgres
CREATE TABLE wp_posts (id bigserial PRIMARY KEY, post_type varchar(20), post_status varchar(20), post_parent bigint, post_modified timestamp);
CREATE TABLE wp_postmeta (meta_id bigserial PRIMARY KEY, post_id bigint, meta_key varchar(255), meta_value text);
