-- dialect: postgres
CREATE TABLE account_address (
  id serial PRIMARY KEY,
  first_name varchar,
  last_name varchar,
  company_name varchar,
  street_address_1 varchar,
  street_address_2 varchar,
  city varchar,
  postal_code varchar,
  country varchar(2),
  phone varchar
);
CREATE TABLE checkout_checkout (token uuid PRIMARY KEY, billing_address_id int, shipping_address_id int);
CREATE TABLE order_order (id uuid PRIMARY KEY, billing_address_id int, shipping_address_id int);
