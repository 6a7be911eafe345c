INSERT INTO attachment_data SELECT i, pick(i, NULL, '', '"application/pdf"', 'application/pdf', '"text/csv"', ' "application/pdf"') FROM numbers(120) i;
