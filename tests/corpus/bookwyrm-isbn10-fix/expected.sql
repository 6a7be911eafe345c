UPDATE bookwyrm_edition SET isbn_10 = substr(isbn_10, 1, 9) || '0' WHERE length(isbn_10) > 10 AND isbn_10 LIKE '%11';
