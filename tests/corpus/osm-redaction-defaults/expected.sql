UPDATE redactions SET title = coalesce(title, 'Redaction ' || id), description = coalesce(description, 'No description');
