UPDATE bookwyrm_listitem i SET "order" = n FROM (SELECT id, row_number() OVER (PARTITION BY book_list_id ORDER BY id) AS n FROM bookwyrm_listitem) AS r WHERE r.id = i.id;
