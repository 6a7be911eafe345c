-- dialect: postgres
CREATE TABLE oc_vcategory (id bigint PRIMARY KEY, uid varchar(64), type varchar(64), category varchar(255));
CREATE TABLE oc_vcategory_to_object (objid bigint, categoryid bigint, type varchar(64), PRIMARY KEY (categoryid, objid, type));
CREATE TABLE oc_filecache (fileid bigint PRIMARY KEY);
