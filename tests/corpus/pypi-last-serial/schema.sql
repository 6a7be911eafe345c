-- dialect: postgres
CREATE TABLE packages (name text PRIMARY KEY, last_serial int DEFAULT 0);
CREATE TABLE journals (id int PRIMARY KEY, name text, version text, action text, submitted_date timestamp);
