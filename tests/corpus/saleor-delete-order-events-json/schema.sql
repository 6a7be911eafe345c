-- dialect: postgres
CREATE TABLE order_orderevent (id int PRIMARY KEY, type varchar(255) NOT NULL, parameters jsonb NOT NULL);
