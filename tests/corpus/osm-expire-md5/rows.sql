INSERT INTO users
SELECT i, pick(i, md5(i::text), upper(md5(i::text)), md5(i::text) || '0', left(md5(i::text), 31), '$argon2id$x', repeat('z', 32), E'5d41402abc4b2a76b9719d911017c592\n', ''),
       pick(i, NULL, 'salt', '') FROM numbers(200) i;
