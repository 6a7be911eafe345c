UPDATE accounts SET account_type_id = (SELECT id FROM account_types WHERE type = 'Debt') WHERE account_type_id IN (SELECT id FROM account_types WHERE type = 'Credit card');
