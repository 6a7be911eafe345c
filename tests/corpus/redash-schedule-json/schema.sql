-- dialect: postgres
CREATE TABLE queries (id int PRIMARY KEY, old_schedule varchar(10), schedule text);
