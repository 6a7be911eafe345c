-- dialect: postgres
CREATE TABLE "Survey" (id text PRIMARY KEY, questions jsonb NOT NULL);
