-- dialect: postgres
CREATE TABLE "Users" ("Id" varchar(26) PRIMARY KEY, "Roles" varchar(256));
CREATE TABLE "TeamMembers" ("TeamId" varchar(26), "UserId" varchar(26), "Roles" varchar(64), PRIMARY KEY ("TeamId", "UserId"));
CREATE TABLE "ChannelMembers" ("ChannelId" varchar(26), "UserId" varchar(26), "Roles" varchar(64), PRIMARY KEY ("ChannelId", "UserId"));
