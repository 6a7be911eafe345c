UPDATE users SET pass_crypt = 'expired password', pass_salt = NULL WHERE pass_crypt SIMILAR TO '[0-9a-z]{32}';
