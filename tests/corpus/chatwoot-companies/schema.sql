-- dialect: postgres
CREATE TABLE contacts (id bigint PRIMARY KEY, account_id bigint, email varchar, company_id bigint, additional_attributes jsonb);
CREATE TABLE companies (id bigserial PRIMARY KEY, account_id bigint, name varchar, domain varchar, UNIQUE(account_id, domain));
