UPDATE packages SET last_serial = newest FROM (SELECT name, max(id) AS newest FROM journals GROUP BY name) AS j WHERE j.name = packages.name;
