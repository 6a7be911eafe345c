-- dialect: postgres
CREATE TABLE statuses (id bigint PRIMARY KEY, preview_card_id bigint);
CREATE TABLE preview_cards_statuses (preview_card_id bigint, status_id bigint);
ALTER TABLE preview_cards_statuses ADD PRIMARY KEY (status_id, preview_card_id);
