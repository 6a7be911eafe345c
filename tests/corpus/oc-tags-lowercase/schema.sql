-- dialect: postgres
CREATE TABLE "Conversations" (id int PRIMARY KEY, tags text[]);
CREATE TABLE "Expenses" (id int PRIMARY KEY, tags text[]);
