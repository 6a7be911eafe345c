-- dialect: postgres
CREATE TABLE work_item_types (id bigint PRIMARY KEY, base_type smallint);
CREATE TABLE issues (id bigint PRIMARY KEY, issue_type smallint NOT NULL, work_item_type_id bigint);
