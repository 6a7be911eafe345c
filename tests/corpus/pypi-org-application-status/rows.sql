INSERT INTO organization_applications SELECT id(i), pick(i, NULL, true, false), 'submitted' FROM numbers(100) i;
INSERT INTO organization_applications VALUES (id(900), NULL, 'deferred'), (id(901), true, 'declined');
