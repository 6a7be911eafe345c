-- dialect: postgres
CREATE TABLE vms (id bigint PRIMARY KEY, ancestry varchar);
CREATE TABLE relationships (id bigint PRIMARY KEY, resource_type varchar, resource_id bigint, relationship varchar, ancestry varchar);
