-- dialect: postgres
CREATE TABLE widgets (id int PRIMARY KEY, options jsonb);
