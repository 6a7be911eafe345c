INSERT INTO vms SELECT i, pick(i, 'ManageIQ::Providers::Azure::CloudManager::Template', 'Other', NULL), pick(i, NULL, 'http://x', 'https://é', 'urn'),
       pick(i, NULL, '', './image', 'a/image', './', '././x', 'image', '/./é') FROM numbers(300) i;
