-- ignore: notification.id
INSERT INTO notification (recipient_id, post_id, kind, read, published_at) SELECT recipient_id, post_id, 'Mention', read, published_at FROM person_post_mention;
INSERT INTO notification (recipient_id, private_message_id, kind, read, published_at) SELECT recipient_id, id, 'PrivateMessage', read, published_at FROM private_message;
