-- ignore: spree_wallet_payment_sources.id
INSERT INTO spree_wallet_payment_sources (user_id, payment_source_type, payment_source_id, "default") SELECT user_id, 'Spree::CreditCard', c.id, "default" FROM spree_credit_cards c
WHERE gateway_customer_profile_id IS NOT NULL AND user_id IS NOT NULL AND (user_id, c.id) NOT IN (SELECT user_id, payment_source_id FROM spree_wallet_payment_sources);
