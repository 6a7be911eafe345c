UPDATE releases r SET yanked_date = (SELECT max(submitted_date) FROM journals j JOIN projects p ON p.name = j.name
  WHERE p.id = r.project_id AND j.version = r.version AND action = 'yank release') WHERE yanked AND yanked_date IS NULL;
