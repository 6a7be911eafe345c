-- ignore: account_address.id
-- ignore: checkout_checkout.billing_address_id
-- ignore: checkout_checkout.shipping_address_id
INSERT INTO account_address (first_name, last_name, company_name, street_address_1, street_address_2, city, postal_code, country, phone)
SELECT first_name, last_name, company_name, street_address_1, street_address_2, city, postal_code, country, phone
FROM account_address a JOIN (SELECT billing_address_id AS used FROM checkout_checkout UNION ALL SELECT shipping_address_id FROM checkout_checkout) AS c ON c.used = a.id
WHERE a.id IN (SELECT billing_address_id FROM order_order UNION SELECT shipping_address_id FROM order_order);
