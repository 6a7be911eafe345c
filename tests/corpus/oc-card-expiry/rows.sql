INSERT INTO "PaymentMethods"
SELECT i, pick(i, 'creditcard', 'creditcard', 'creditcard', 'paypal', NULL), pick(i, NULL, NULL, NULL, timestamptz '2024-02-01 00:00+00'),
       pick(i, NULL, '{}', '{"expYear": 2025, "expMonth": 2}', '{"expYear": "24", "expMonth": "12"}', '{"expYear": 2025, "expMonth": 0}',
            '{"expYear": null, "expMonth": 3}', '{"expMonth": 3}', '{"expYear": 2027, "expMonth": "07"}', '{"expYear": 30}')::jsonb FROM numbers(300) i;
