SELECT name FROM almanac_network GROUP BY 1 HAVING count(*) > 1;
