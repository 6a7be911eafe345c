INSERT INTO crates_keywords SELECT crate_id, twin.id FROM crates_keywords JOIN keywords k ON k.id = keyword_id JOIN keywords twin ON twin.keyword = lower(k.keyword) AND twin.id <> k.id ON CONFLICT DO NOTHING;
DELETE FROM crates_keywords USING keywords k, keywords twin WHERE k.id = keyword_id AND twin.keyword = lower(k.keyword) AND twin.id <> k.id;
DELETE FROM keywords k USING keywords twin WHERE twin.keyword = lower(k.keyword) AND twin.id <> k.id;
UPDATE keywords SET keyword = lower(keyword);
