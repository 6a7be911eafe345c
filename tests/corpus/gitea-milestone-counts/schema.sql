-- dialect: postgres
CREATE TABLE milestone (id bigint PRIMARY KEY, is_closed boolean, num_issues int, num_closed_issues int, completeness int);
CREATE TABLE issue (id bigint PRIMARY KEY, milestone_id bigint, is_closed boolean);
