UPDATE projects p SET total_size = coalesce(total, 0) FROM (
  SELECT project_id, sum(size) AS total FROM releases r JOIN release_files f ON f.release_id = r.id GROUP BY project_id) AS s WHERE s.project_id = p.id;
