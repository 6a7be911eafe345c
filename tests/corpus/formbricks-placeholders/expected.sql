WITH labels (type, field, label, n) AS (VALUES ('contactInfo', 'firstName', 'First Name', 1), ('contactInfo', 'lastName', 'Last Name', 2), ('contactInfo', 'email', 'Email', 3),
  ('contactInfo', 'phone', 'Phone', 4), ('contactInfo', 'company', 'Company', 5), ('address', 'addressLine1', 'Address Line 1', 1), ('address', 'addressLine2', 'Address Line 2', 2),
  ('address', 'city', 'City', 3), ('address', 'state', 'State', 4), ('address', 'zip', 'Zip', 5), ('address', 'country', 'Country', 6)),
codes AS (SELECT s.id, coalesce(array_agg(CASE WHEN sl."default" THEN 'default' ELSE l.code END) FILTER (WHERE sl."languageId" IS NOT NULL), ARRAY['default']) AS codes
  FROM "Survey" s LEFT JOIN "SurveyLanguage" sl ON sl."surveyId" = s.id LEFT JOIN "Language" l ON l.id = sl."languageId" GROUP BY s.id),
questions AS (SELECT s.id, q.n, CASE WHEN q.v->'firstName' ? 'placeholder' THEN q.v ELSE q.v || coalesce((
    SELECT jsonb_object_agg(b.field, coalesce(q.v->b.field, '{}') || jsonb_build_object('placeholder', (SELECT jsonb_object_agg(code, b.label) FROM unnest(c.codes) AS code)))
    FROM labels b WHERE b.type = q.v->>'type'), '{}') END AS v
  FROM "Survey" s JOIN codes c USING (id), jsonb_array_elements(s.questions) WITH ORDINALITY AS q (v, n))
UPDATE "Survey" s SET questions = (SELECT jsonb_agg(v ORDER BY n) FROM questions q WHERE q.id = s.id) WHERE jsonb_array_length(questions) > 0;
