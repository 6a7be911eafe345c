UPDATE oc_share SET permissions = permissions & 19 WHERE item_type = 'file';
DELETE FROM oc_share s WHERE parent IS NOT NULL AND NOT EXISTS (SELECT FROM oc_share p WHERE p.id = s.parent);
