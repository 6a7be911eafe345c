-- dialect: postgres
CREATE TABLE phriction_document (id int PRIMARY KEY, phid varchar(64), "maxVersion" int);
CREATE TABLE phriction_content (id int PRIMARY KEY, "documentPHID" varchar(64), version int);
