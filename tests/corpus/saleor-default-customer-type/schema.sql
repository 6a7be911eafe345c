-- dialect: postgres
CREATE TABLE account_customertype (id int PRIMARY KEY, is_default boolean NOT NULL);
CREATE TABLE account_user (id int PRIMARY KEY, customer_type_id int REFERENCES account_customertype(id));
