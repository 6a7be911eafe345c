UPDATE "Transactions" t SET "PaymentMethodId" = (SELECT "PaymentMethodId" FROM "Transactions" s WHERE s."TransactionGroup" = t."TransactionGroup"
    AND kind = 'CONTRIBUTION' AND type = 'CREDIT' AND "deletedAt" IS NULL AND "PaymentMethodId" IS NOT NULL ORDER BY id LIMIT 1)
WHERE kind = 'PAYMENT_PROCESSOR_COVER' AND "PaymentMethodId" IS NULL AND "deletedAt" IS NULL;
