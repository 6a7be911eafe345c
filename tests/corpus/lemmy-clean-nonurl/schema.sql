-- dialect: postgres
CREATE TABLE user_ (id serial PRIMARY KEY, avatar text, banner text);
CREATE TABLE community (id serial PRIMARY KEY, icon text, banner text);
