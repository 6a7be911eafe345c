-- dialect: postgres
CREATE TABLE documents (id int PRIMARY KEY, slug varchar(255), latest_edition_id int, live_edition_id int);
CREATE TABLE editions (id int PRIMARY KEY, document_id int, state varchar(255), type varchar(255));
CREATE TABLE unpublishings (id serial PRIMARY KEY, edition_id int, unpublishing_reason_id int, document_type varchar(255), slug varchar(255), unpublished_at timestamp);
