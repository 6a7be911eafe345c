UPDATE images i SET usage = CASE WHEN e.type IS DISTINCT FROM 'LandingPage' THEN 'govspeak_embed'
  ELSE (SELECT used FROM (VALUES ('default', 'govspeak_embed'), ('hero_desktop', 'hero'), ('landing_page_image', 'landing_page')) AS config(kind, used) WHERE kind = image_kind) END
FROM editions e WHERE e.id = i.edition_id;
