-- dialect: postgres
CREATE TABLE email_logs (id int PRIMARY KEY, bounce_error_code varchar);
