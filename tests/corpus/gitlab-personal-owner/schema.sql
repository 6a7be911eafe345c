-- dialect: postgres
CREATE TABLE members (id bigint PRIMARY KEY, type text, source_id bigint, user_id bigint, access_level int NOT NULL);
CREATE TABLE projects (id bigint PRIMARY KEY, namespace_id bigint);
CREATE TABLE namespaces (id bigint PRIMARY KEY, type text, owner_id bigint);
