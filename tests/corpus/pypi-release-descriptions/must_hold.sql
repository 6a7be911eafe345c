SELECT * FROM releases r LEFT JOIN release_descriptions d ON d.id = description_id WHERE d.release_id IS DISTINCT FROM r.id;
