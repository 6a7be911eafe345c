-- ignore: Survey.questions
SELECT 1;
