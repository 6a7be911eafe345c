UPDATE virtualization_virtualdisk SET size = size * 1000;
UPDATE virtualization_virtualmachine m SET disk = coalesce((SELECT coalesce(sum(size), 0) FROM virtualization_virtualdisk WHERE virtual_machine_id = m.id HAVING count(*) > 0), disk * 1000) WHERE disk IS NOT NULL;
