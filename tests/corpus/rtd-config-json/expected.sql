UPDATE builds_build SET _config_json = _config::jsonb WHERE _config_json IS NULL;
