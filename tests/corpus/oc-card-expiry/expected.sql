UPDATE "PaymentMethods" SET "expiryDate" =
  make_timestamptz((CASE length(data->>'expYear') WHEN 2 THEN '20' ELSE '' END || (data->>'expYear'))::int, (data->>'expMonth')::int, 1, 0, 0, 0, 'UTC')
WHERE type = 'creditcard' AND "expiryDate" IS NULL AND data->>'expYear' IS NOT NULL AND (data->>'expMonth')::int > 0;
