-- dialect: postgres
CREATE TABLE transactions (id int PRIMARY KEY, transaction_journal_id int, amount decimal(32,12), identifier smallint DEFAULT 0);
