INSERT INTO users SELECT i, i + 500, pick(i, NULL, 'null', '{}', '{"interactions.must_be_follower": true, "é": 1}', '{"interactions.must_be_following": true, "interactions.must_be_following_dm": true}',
  '{"interactions.must_be_following_dm": false}', '{"interactions.must_be_follower": null}', '{"interactions": {"must_be_follower": true}}') FROM numbers(200) i;
INSERT INTO notification_policies (account_id) SELECT 500 + i FROM numbers(20) i;
