-- dialect: postgres
-- Addresses, of which every value has many spellings.
CREATE TABLE hosts (id bigint PRIMARY KEY, address inet NOT NULL, seen_at inet, note text, owner_id bigint);
CREATE TABLE visits (id bigint PRIMARY KEY, host_id bigint NOT NULL, ip inet);
