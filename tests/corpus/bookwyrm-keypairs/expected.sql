-- ignore: bookwyrm_keypair.id
-- ignore: bookwyrm_user.key_pair_id
INSERT INTO bookwyrm_keypair (remote_id, private_key, public_key) SELECT remote_id || '/#main-key', private_key, public_key FROM bookwyrm_user WHERE num_nonnulls(private_key, public_key) > 0;
