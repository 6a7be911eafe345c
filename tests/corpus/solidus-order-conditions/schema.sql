-- dialect: postgres
CREATE TABLE solidus_promotions_conditions (id int PRIMARY KEY, type varchar, preferences text /* YAML */);
