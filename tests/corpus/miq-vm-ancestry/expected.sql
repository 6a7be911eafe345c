UPDATE vms v SET ancestry = (
  SELECT string_agg(p.resource_id::text, '/' ORDER BY n) FROM unnest(string_to_array(r.ancestry, '/')) WITH ORDINALITY AS part(id, n)
  JOIN relationships p ON p.id::text = part.id AND p.relationship = 'genealogy' AND p.resource_type = 'VmOrTemplate')
FROM relationships r WHERE r.resource_id = v.id AND r.relationship = 'genealogy' AND r.resource_type = 'VmOrTemplate';
DELETE FROM relationships WHERE relationship = 'genealogy' AND resource_type = 'VmOrTemplate';
