DELETE FROM order_orderevent WHERE type = 'email_sent' AND parameters->>'email_type' = 'digital_links';
