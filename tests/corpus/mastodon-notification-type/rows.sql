INSERT INTO notifications
SELECT i, pick(i, NULL, '', 'Mention', 'Status', 'Follow', 'FollowRequest', 'Favourite', 'Poll', 'mention', 'Other'), pick(i, NULL, NULL, 'kept', '') FROM numbers(300) i;
