INSERT INTO local_site (open_registration, require_application, registration_mode)
SELECT o, r, m FROM unnest(ARRAY[NULL, true, false]) o, unnest(ARRAY[NULL, true, false]) r,
  unnest(ARRAY[NULL, 'open', 'closed']::registration_mode_enum[]) m;
