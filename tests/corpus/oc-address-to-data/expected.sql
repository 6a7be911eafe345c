UPDATE "Collectives" SET data = coalesce(data, '{}') || jsonb_build_object('address', settings->'address'), settings = settings - 'address'
WHERE settings ? 'address';
