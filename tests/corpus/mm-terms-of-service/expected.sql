INSERT INTO usertermsofservice SELECT id, acceptedtermsofserviceid, floor(extract(epoch FROM :now) * 1000) FROM users WHERE acceptedtermsofserviceid <> '' ON CONFLICT DO NOTHING;
