-- dialect: postgres
CREATE TABLE oc_share (id bigint PRIMARY KEY, item_type varchar(64), permissions smallint, parent bigint);
