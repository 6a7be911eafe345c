UPDATE account_user SET customer_type_id = (SELECT id FROM account_customertype WHERE is_default) WHERE customer_type_id IS NULL;
