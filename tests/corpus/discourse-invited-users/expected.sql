-- ignore: invited_users.id
INSERT INTO invited_users (user_id, invite_id, redeemed_at, created_at, updated_at) SELECT user_id, id, redeemed_at, created_at, updated_at FROM invites WHERE num_nulls(user_id, redeemed_at) = 0;
