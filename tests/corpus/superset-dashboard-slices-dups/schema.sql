-- dialect: postgres
CREATE TABLE dashboard_slices (id int PRIMARY KEY, dashboard_id int, slice_id int);
