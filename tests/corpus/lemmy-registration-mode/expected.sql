UPDATE local_site SET registration_mode = CASE
  WHEN open_registration IS NOT TRUE THEN 'closed'
  WHEN require_application IS TRUE THEN 'require_application' ELSE 'open' END::registration_mode_enum;
