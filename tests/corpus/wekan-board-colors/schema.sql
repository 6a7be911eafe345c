-- dialect: postgres
CREATE TABLE boards (_id text PRIMARY KEY, background jsonb /* document field {type, color} */, color text);
