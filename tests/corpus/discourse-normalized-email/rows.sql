INSERT INTO user_emails
SELECT i, pick(i, 'a.b.c+tag@ex.ample.org', 'Ann@Example.org', 'no-at', '', '@', '+x@y', 'a@b@c.d', 'a.b', 'é.é@é.org', 'a+b+c@d+e.f'),
       pick(i, NULL, 'old', 'Ann@Example.org') FROM numbers(200) i;
