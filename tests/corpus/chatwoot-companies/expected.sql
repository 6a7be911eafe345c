-- ignore: companies.id
-- ignore: contacts.company_id
INSERT INTO companies (account_id, domain, name) SELECT DISTINCT ON (account_id, domain) account_id, domain, name FROM (
  SELECT id, account_id, lower(substring(email from '@([^@]+)$')) AS domain,
    coalesce(nullif(additional_attributes->>'company_name', ''), initcap(translate(split_part(lower(substring(email from '@([^@]+)$')), '.', 1), '-_', '  '))) AS name
  FROM contacts WHERE company_id IS NULL) AS c WHERE domain <> 'gmail.com' ORDER BY account_id, domain, id ON CONFLICT DO NOTHING;
