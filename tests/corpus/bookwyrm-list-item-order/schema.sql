-- dialect: postgres
CREATE TABLE bookwyrm_listitem (id int PRIMARY KEY, book_list_id int NOT NULL, "order" int);
