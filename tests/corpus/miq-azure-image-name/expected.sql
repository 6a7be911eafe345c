UPDATE vms SET name = substr(name, 3)
WHERE type LIKE '%Azure%' AND uid_ems LIKE 'http%' AND name LIKE './%' AND name NOT LIKE '././%';
