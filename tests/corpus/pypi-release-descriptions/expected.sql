-- ignore: release_descriptions.id
-- ignore: releases.description_id
INSERT INTO release_descriptions (content_type, raw, html, rendered_by, release_id) SELECT description_content_type, coalesce(description, ''), '', '', id FROM releases;
