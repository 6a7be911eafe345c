-- dialect: postgres
CREATE TABLE attribute_attribute (id int PRIMARY KEY, input_type varchar(50));
CREATE TABLE attribute_attributevalue (
  id int PRIMARY KEY,
  attribute_id int NOT NULL,
  name varchar(250),
  "numeric" double precision,
  sort_order int
);
