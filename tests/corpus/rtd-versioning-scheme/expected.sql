UPDATE projects_project SET versioning_scheme = 'multiple_versions_with_translations' WHERE versioning_scheme IS NULL AND single_version IS NOT TRUE;
UPDATE projects_project SET versioning_scheme = 'single_version_without_translations', single_version = false WHERE single_version;
