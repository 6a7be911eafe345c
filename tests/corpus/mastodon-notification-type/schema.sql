-- dialect: postgres
CREATE TABLE notifications (id bigint PRIMARY KEY, activity_type varchar, type varchar);
