-- dialect: postgres
CREATE TABLE calendar_event (id int PRIMARY KEY, "isRecurring" boolean, "recurrenceFrequency" text, parameters text);
