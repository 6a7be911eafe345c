UPDATE statuses s SET preview_card_id = card FROM (SELECT status_id, max(preview_card_id) AS card FROM preview_cards_statuses GROUP BY 1) AS c WHERE c.status_id = s.id;
