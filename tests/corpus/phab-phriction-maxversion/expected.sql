UPDATE phriction_document d SET "maxVersion" = coalesce((SELECT max(version) FROM phriction_content WHERE "documentPHID" = d.phid), 0);
