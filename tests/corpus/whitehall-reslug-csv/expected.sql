UPDATE worldwide_organisations SET slug = 'new-' || substr(slug, 5) WHERE slug IN ('old-3', 'old-9', 'old-14');
