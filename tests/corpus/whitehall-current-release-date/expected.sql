UPDATE statistics_announcements a SET current_release_date_id = d.id FROM (
  SELECT DISTINCT ON (statistics_announcement_id) * FROM statistics_announcement_dates ORDER BY statistics_announcement_id, created_at DESC NULLS LAST, id DESC) AS d
WHERE d.statistics_announcement_id = a.id;
