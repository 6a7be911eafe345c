DELETE FROM event_auth_chain_links l USING event_auth_chains c WHERE l.origin_chain_id = c.chain_id AND l.origin_sequence_number = c.sequence_number AND c.event_id NOT IN (SELECT event_id FROM events);
DELETE FROM event_auth_chains WHERE event_id NOT IN (SELECT event_id FROM events);
