UPDATE user_emails SET normalized_email = replace(regexp_replace(email, '([+@].*)', ''), '.', '') || regexp_replace(email, '[^@]*', '');
