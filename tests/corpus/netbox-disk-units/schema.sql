-- dialect: postgres
CREATE TABLE virtualization_virtualmachine (id bigint PRIMARY KEY, disk int);
CREATE TABLE virtualization_virtualdisk (id bigint PRIMARY KEY, virtual_machine_id bigint, size int);
