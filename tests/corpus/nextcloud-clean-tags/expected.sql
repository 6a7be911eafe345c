DELETE FROM oc_vcategory WHERE uid IN ('gone', 'Gone', '');
DELETE FROM oc_vcategory_to_object AS l WHERE l.type = 'files' AND NOT EXISTS (SELECT 1 FROM oc_filecache AS f WHERE f.fileid = l.objid);
DELETE FROM oc_vcategory_to_object AS l WHERE NOT EXISTS (SELECT 1 FROM oc_vcategory AS c WHERE c.id = l.categoryid);
DELETE FROM oc_vcategory AS c WHERE NOT EXISTS (SELECT 1 FROM oc_vcategory_to_object AS l WHERE l.categoryid = c.id);
