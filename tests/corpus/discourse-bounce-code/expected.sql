UPDATE email_logs SET bounce_error_code = (regexp_match(bounce_error_code, '[0-9]\.[0-9]\.[0-9]|[0-9]{3}'))[1] WHERE bounce_error_code IS NOT NULL;
