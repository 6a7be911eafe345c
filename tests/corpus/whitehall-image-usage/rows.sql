INSERT INTO editions SELECT i, pick(i, NULL, 'LandingPage', 'NewsArticle', 'landingpage') FROM numbers(40) i;
INSERT INTO images SELECT i, pick(i, NULL, num(i, 50)::int), pick(i, NULL, 'default', 'hero_desktop', 'landing_page_image', 'unknown'), pick(i, NULL, 'old') FROM numbers(200) i;
