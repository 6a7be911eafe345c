-- json: calendar_event.parameters
UPDATE calendar_event SET parameters = (parameters::jsonb || jsonb_build_object('recurrenceRule',
    jsonb_build_object('freq', upper("recurrenceFrequency"::jsonb->>'rule'))))::text
WHERE "isRecurring" AND parameters LIKE '{%' AND NOT parameters LIKE '%recurrenceRule%' AND "recurrenceFrequency" LIKE '{"rule": "%';
