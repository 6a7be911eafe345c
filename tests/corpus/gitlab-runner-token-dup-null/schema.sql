-- dialect: postgres
CREATE TABLE ci_runners (id bigint PRIMARY KEY, token_encrypted text);
