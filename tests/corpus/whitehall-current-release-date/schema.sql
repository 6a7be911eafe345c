-- dialect: postgres
CREATE TABLE statistics_announcements (id int PRIMARY KEY, current_release_date_id int);
CREATE TABLE statistics_announcement_dates (id int PRIMARY KEY, statistics_announcement_id int, created_at timestamp);
