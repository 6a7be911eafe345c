UPDATE "Users" SET "Roles" = 'system_user' || CASE "Roles" WHEN '' THEN '' ELSE ' system_admin' END WHERE "Roles" IN ('', 'system_admin');
UPDATE "TeamMembers" SET "Roles" = 'team_user' || CASE "Roles" WHEN '' THEN '' ELSE ' team_admin' END WHERE "Roles" IN ('', 'admin');
UPDATE "ChannelMembers" SET "Roles" = 'channel_user' || CASE "Roles" WHEN '' THEN '' ELSE ' channel_admin' END WHERE "Roles" IN ('', 'admin');
