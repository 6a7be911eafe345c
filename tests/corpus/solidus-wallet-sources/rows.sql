INSERT INTO spree_credit_cards SELECT i, pick(i, NULL, num(i, 30)), pick(i, NULL, '', 'cus_é'), pick(i, NULL, true, false) FROM numbers(150) i;
INSERT INTO spree_wallet_payment_sources (user_id, payment_source_type, payment_source_id, "default") SELECT user_id, 'Spree::CreditCard', id, false FROM spree_credit_cards WHERE id < 30 AND user_id > 0;
