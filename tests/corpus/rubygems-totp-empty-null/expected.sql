UPDATE users SET totp_seed = NULL WHERE totp_seed = '';
