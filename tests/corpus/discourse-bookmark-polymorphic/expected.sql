UPDATE bookmarks SET bookmarkable_id = post_id, bookmarkable_type = 'Post' WHERE NOT for_topic;
UPDATE bookmarks b SET bookmarkable_id = topic_id, bookmarkable_type = 'Topic' FROM posts p WHERE p.id = b.post_id AND for_topic AND topic_id IS NOT NULL;
