-- dialect: postgres
CREATE TABLE cards (_id text PRIMARY KEY, "coverId" text);
CREATE TABLE attachments (_id text PRIMARY KEY, "cardId" text, cover boolean);
