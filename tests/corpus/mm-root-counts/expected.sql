UPDATE channels c SET totalmsgcountroot = n, lastrootpostat = newest
FROM (SELECT channelid, count(*) AS n, max(createat) AS newest FROM posts WHERE rootid = '' GROUP BY 1) AS p WHERE p.channelid = c.id;
UPDATE channelmembers m SET msgcountroot = totalmsgcountroot FROM channels c WHERE c.id = m.channelid AND lastviewedat >= lastrootpostat;
UPDATE channelmembers m SET mentioncountroot = mentioncount - coalesce((SELECT sum(unreadmentions) FROM threadmemberships JOIN threads USING (postid)
  WHERE userid = m.userid AND threads.channelid = m.channelid), 0) WHERE mentioncount > 0;
