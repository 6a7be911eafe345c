-- dialect: postgres
CREATE TABLE conversations (id int PRIMARY KEY, cached_label_list text);
CREATE TABLE taggings (id bigint PRIMARY KEY, taggable_type varchar, taggable_id bigint, context varchar, tag_id bigint);
CREATE TABLE tags (id bigint PRIMARY KEY, name varchar);
