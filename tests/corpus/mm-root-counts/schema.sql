-- dialect: postgres
CREATE TABLE channels (id varchar(26) PRIMARY KEY, totalmsgcountroot bigint DEFAULT 0, lastrootpostat bigint);
CREATE TABLE posts (id varchar(26) PRIMARY KEY, channelid varchar(26), rootid varchar(26), createat bigint);
CREATE TABLE channelmembers (
  channelid varchar(26), userid varchar(26), mentioncount bigint, mentioncountroot bigint DEFAULT 0, msgcountroot bigint DEFAULT 0, lastviewedat bigint,
  PRIMARY KEY (channelid, userid)
);
CREATE TABLE threads (postid varchar(26) PRIMARY KEY, channelid varchar(26));
CREATE TABLE threadmemberships (postid varchar(26), userid varchar(26), unreadmentions bigint, PRIMARY KEY (postid, userid));
