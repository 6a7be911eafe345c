-- dialect: postgres
CREATE TABLE edge (src varchar(64), type int, dst varchar(64), "dateCreated" int, seq int, "dataID" int, PRIMARY KEY (src, type, dst));
CREATE TABLE edgedata (id int PRIMARY KEY, data text);
CREATE TABLE differential_revision (id int PRIMARY KEY, phid varchar(64) UNIQUE);
CREATE TABLE differential_diff (id int PRIMARY KEY, phid varchar(64), "revisionID" int);
CREATE TABLE differential_reviewer (
  id serial PRIMARY KEY, "revisionPHID" varchar(64), "reviewerPHID" varchar(64), "reviewerStatus" varchar(64), "lastActionDiffPHID" varchar(64),
  "lastCommentDiffPHID" varchar(64), UNIQUE ("revisionPHID", "reviewerPHID")
);
