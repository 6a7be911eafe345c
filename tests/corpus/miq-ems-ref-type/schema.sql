-- dialect: postgres
CREATE TABLE vms (id bigint PRIMARY KEY, ems_ref varchar, ems_ref_obj text, ems_ref_type varchar);
CREATE TABLE hosts (id bigint PRIMARY KEY, ems_ref varchar, ems_ref_obj text, ems_ref_type varchar);
