-- ignore: worldwide_offices.content_id
SELECT 1;
