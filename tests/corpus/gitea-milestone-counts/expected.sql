UPDATE milestone m SET num_issues = n, num_closed_issues = c, completeness = 100 * c / greatest(n, 1)
FROM (SELECT self.id, count(issue.id) AS n, count(issue.id) FILTER (WHERE issue.is_closed) AS c FROM milestone self LEFT JOIN issue ON milestone_id = self.id GROUP BY 1) AS counted
WHERE counted.id = m.id AND NOT is_closed;
