-- dialect: postgres
CREATE TABLE users (id int PRIMARY KEY, profile_image_url varchar(320), details jsonb DEFAULT '{}');
