INSERT INTO companies (account_id, name, domain) VALUES (1, 'Old', 'acme.example'), (2, 'Kept', 'big-corp.example');
INSERT INTO contacts SELECT i, pick(i, 1, 2, 3), pick(i, NULL, '', ' ', 'a@ACME.example', 'x@gmail.com', 'b@big-corp.example', 'c@my_firm.co.uk', 'no-at', 'q@z@é.org', 'a@'), pick(i, NULL, NULL, NULL, 77),
  pick(i, NULL, '{}', '{"company_name": "Named é"}', '{"company_name": ""}')::jsonb FROM numbers(250) i;
