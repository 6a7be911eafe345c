INSERT INTO "Survey" SELECT 's' || i, pick(i, '[]', '[{"id": "q1", "type": "openText"}]',
  '[{"id": "q1", "type": "contactInfo", "firstName": {"show": true, "required": false}, "lastName": {"show": false}, "email": {"show": true}, "phone": {}, "company": {"show": true}}]',
  '[{"id": "q2", "type": "contactInfo", "firstName": {"show": true, "placeholder": {"default": "Vorname"}}, "lastName": {"show": false}}, {"id": "q3", "type": "address", "addressLine1": {"show": true}, "city": {"required": true}, "n": 1.50}]',
  '[{"id": "q4", "type": "address", "addressLine1": {}, "addressLine2": {}, "city": {}, "state": {}, "zip": {}, "country": {"show": false}}, {"id": "q5", "type": "contactInfo", "firstName": {}}]')::jsonb FROM numbers(120) i;
INSERT INTO "Language" VALUES ('l1', 'en'), ('l2', 'de'), ('l3', 'pt-BR'), ('l4', 'it"s'), ('l5', 'zh-Hans');
INSERT INTO "SurveyLanguage" SELECT 's' || i, 'l' || k, k = 1 + num(i, 5, 'd') FROM numbers(120) i, generate_series(1, 5) k WHERE num(i, 7, 'l' || k) < 3 AND i % 4 <> 0;
