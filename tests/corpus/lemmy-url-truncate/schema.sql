-- dialect: postgres
CREATE TABLE post (id serial PRIMARY KEY, url text);
