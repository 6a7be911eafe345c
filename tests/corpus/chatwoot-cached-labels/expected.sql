UPDATE conversations c SET cached_label_list = coalesce((SELECT string_agg(name, ', ' ORDER BY t.id) FROM taggings t JOIN tags g ON g.id = tag_id
  WHERE taggable_type = 'Conversation' AND taggable_id = c.id AND context = 'labels'), '');
