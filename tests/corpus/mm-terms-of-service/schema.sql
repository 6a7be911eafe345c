-- dialect: postgres
CREATE TABLE users (id varchar(26) PRIMARY KEY, acceptedtermsofserviceid varchar(64));
CREATE TABLE usertermsofservice (userid varchar(26) PRIMARY KEY, termsofserviceid varchar(26), createat bigint);
