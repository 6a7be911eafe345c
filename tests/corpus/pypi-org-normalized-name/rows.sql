INSERT INTO organizations SELECT id(i), coalesce(words(i), '-_.'), pick(i, NULL, 'old') FROM numbers(150) i;
INSERT INTO organizations VALUES (id(900), 'A--b__c..D', NULL), (id(901), '._.', ''), (id(902), 'Ünïted-_Org', NULL);
