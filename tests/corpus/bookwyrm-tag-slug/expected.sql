UPDATE bookwyrm_tag SET identifier = lower(regexp_replace(name, '[^A-Za-z0-9_]+', '-', 'g')) WHERE name IS NOT NULL;
