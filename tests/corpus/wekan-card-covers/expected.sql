UPDATE cards SET "coverId" = cover FROM (SELECT "cardId", min(_id COLLATE "C") AS cover FROM attachments WHERE attachments.cover GROUP BY 1) AS a WHERE a."cardId" = cards._id;
UPDATE attachments SET cover = NULL;
