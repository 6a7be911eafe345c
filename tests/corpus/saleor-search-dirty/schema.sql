-- dialect: postgres
CREATE TABLE product_product (id int PRIMARY KEY, search_index_dirty boolean NOT NULL);
