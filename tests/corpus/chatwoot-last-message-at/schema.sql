-- dialect: postgres
CREATE TABLE conversations (id int PRIMARY KEY, account_id int, last_message_at timestamp);
CREATE TABLE messages (
  id int PRIMARY KEY,
  conversation_id int,
  account_id int,
  message_type int,
  private boolean,
  created_at timestamp
);
