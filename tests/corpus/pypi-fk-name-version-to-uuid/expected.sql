UPDATE releases r SET project_id = p.id FROM packages p WHERE p.name = r.name;
UPDATE release_files f SET release_id = r.id FROM releases r WHERE (r.name, r.version) = (f.name, f.version);
UPDATE release_dependencies f SET release_id = r.id FROM releases r WHERE (r.name, r.version) = (f.name, f.version);
UPDATE release_classifiers f SET release_id = r.id FROM releases r WHERE (r.name, r.version) = (f.name, f.version);
DELETE FROM roles WHERE role_name = 'Admin';
UPDATE roles SET project_id = p.id FROM packages p WHERE p.name = package_name;
