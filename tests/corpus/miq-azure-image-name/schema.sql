-- dialect: postgres
CREATE TABLE vms (id bigint PRIMARY KEY, type varchar, uid_ems varchar, name varchar);
