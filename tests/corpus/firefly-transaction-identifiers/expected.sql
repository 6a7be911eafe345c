WITH placed AS (
  SELECT id, transaction_journal_id AS journal, amount, count(*) OVER (PARTITION BY transaction_journal_id) AS members,
    row_number() OVER (PARTITION BY transaction_journal_id, amount ORDER BY id) AS place FROM transactions WHERE transaction_journal_id IS NOT NULL),
pairs AS (
  SELECT p.id AS plus, n.id AS minus, row_number() OVER (PARTITION BY p.journal ORDER BY p.id) - 1 AS number
  FROM placed p JOIN placed n ON n.journal = p.journal AND n.amount = -p.amount AND n.place = p.place WHERE p.amount > 0 AND p.members > 2)
UPDATE transactions t SET identifier = number FROM pairs WHERE t.id IN (plus, minus);
