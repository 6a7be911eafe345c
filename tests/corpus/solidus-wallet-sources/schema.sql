-- dialect: postgres
CREATE TABLE spree_credit_cards (id int PRIMARY KEY, user_id int, gateway_customer_profile_id varchar, "default" boolean);
CREATE TABLE spree_wallet_payment_sources (
  id serial PRIMARY KEY,
  user_id int,
  payment_source_type varchar,
  payment_source_id int,
  "default" boolean
);
