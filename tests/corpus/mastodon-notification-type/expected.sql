UPDATE notifications SET type = kind FROM (VALUES ('Mention', 'mention'), ('Status', 'reblog'), ('Follow', 'follow'),
  ('FollowRequest', 'follow_request'), ('Favourite', 'favourite'), ('Poll', 'poll')) AS known(model, kind)
WHERE type IS NULL AND activity_type = model;
