INSERT INTO "Transactions" SELECT i, pick(i, NULL, 'PAYMENT_PROCESSOR_COVER', 'CONTRIBUTION', 'CONTRIBUTION'), pick(i, NULL, 'CREDIT', 'CREDIT', 'DEBIT'),
  pick(i, NULL, id(num(i, 60)), id(num(i, 90))), pick(i, NULL, num(i, 50)::int), pick(i, NULL, NULL, NULL, at(i)) FROM numbers(400) i;
