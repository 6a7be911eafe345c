SELECT * FROM bookwyrm_user u LEFT JOIN bookwyrm_keypair k ON k.id = key_pair_id WHERE (k.public_key, k.private_key) IS DISTINCT FROM (u.public_key, u.private_key);
