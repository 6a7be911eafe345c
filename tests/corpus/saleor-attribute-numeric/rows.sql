INSERT INTO attribute_attribute SELECT i, pick(i, 'numeric', 'numeric', 'dropdown', NULL) FROM numbers(30) i;
INSERT INTO attribute_attributevalue
SELECT i, 1 + num(i, 33), pick(i, NULL, '', '12', '1.5', '-3e2', 'ten', ' 7 ', '0.1', '12345678901234567890'), pick(i, NULL, NULL, 4.5), NULL FROM numbers(300) i;
