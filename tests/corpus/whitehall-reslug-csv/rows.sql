INSERT INTO worldwide_organisations SELECT i, CASE WHEN i <= 20 THEN 'old-' || i ELSE pick(i, NULL, 'embassy-' || i, 'about-' || i, 'about-4', 'kept') END FROM numbers(80) i;
