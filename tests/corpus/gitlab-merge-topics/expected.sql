-- ignore: project_topics.id
CREATE TEMP TABLE member AS SELECT id, first_value(id) OVER (PARTITION BY lower(name) ORDER BY total_projects_count DESC, non_private_projects_count DESC, id) AS survivor,
  row_number() OVER (PARTITION BY lower(name) ORDER BY total_projects_count DESC, non_private_projects_count DESC, id) AS place FROM topics WHERE name IS NOT NULL;
UPDATE topics t SET description = (SELECT description FROM member m JOIN topics o USING (id) WHERE m.survivor = t.id AND o.description ~ '[^ ]' ORDER BY place LIMIT 1)
WHERE id IN (SELECT survivor FROM member GROUP BY 1 HAVING count(*) > 1);
CREATE TEMP TABLE link AS SELECT DISTINCT project_id, coalesce(survivor, topic_id) AS topic FROM project_topics LEFT JOIN member ON member.id = topic_id;
DELETE FROM project_topics;
INSERT INTO project_topics SELECT row_number() OVER (), project_id, topic FROM link;
DELETE FROM topics USING member WHERE member.id = topics.id AND survivor <> topics.id;
UPDATE topics t SET total_projects_count = (SELECT count(*) FROM project_topics WHERE topic_id = t.id),
  non_private_projects_count = (SELECT count(*) FROM project_topics JOIN projects p ON p.id = project_id WHERE topic_id = t.id AND visibility_level IN (10, 20));
