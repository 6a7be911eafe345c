-- dialect: postgres
CREATE TABLE bookwyrm_user (id int PRIMARY KEY, remote_id varchar, public_key text, private_key text, key_pair_id int);
CREATE TABLE bookwyrm_keypair (id serial PRIMARY KEY, remote_id varchar, private_key text, public_key text);
