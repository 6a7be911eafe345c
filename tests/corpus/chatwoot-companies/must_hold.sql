SELECT * FROM contacts c LEFT JOIN companies k ON k.id = company_id WHERE company_id IS DISTINCT FROM 77 AND (k.domain, k.account_id) IS DISTINCT FROM
  (CASE WHEN email LIKE '%_@_%' AND email NOT LIKE '%gmail.com' THEN lower(substring(email from '@([^@]+)$')) END, CASE WHEN email LIKE '%_@_%' AND email NOT LIKE '%gmail.com' THEN c.account_id END);
