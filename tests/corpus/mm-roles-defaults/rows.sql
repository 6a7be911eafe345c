INSERT INTO "Users" SELECT 'u' || i, pick(i, NULL, '', 'system_admin', 'system_user', 'other') FROM numbers(100) i;
INSERT INTO "TeamMembers" SELECT 't' || i % 5, 'u' || i, pick(i, NULL, '', 'admin', 'team_user', 'x') FROM numbers(100) i;
INSERT INTO "ChannelMembers" SELECT 'c' || i % 5, 'u' || i, pick(i, NULL, '', 'admin', 'channel_user', 'x') FROM numbers(100) i;
