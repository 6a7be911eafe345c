UPDATE event_json SET json = convert_from(json::bytea, 'UTF8')
WHERE json LIKE '\\x_%' AND event_id IN (SELECT redacts FROM redactions WHERE have_censored);
