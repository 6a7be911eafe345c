UPDATE attachment_data SET content_type = trim(both '"' from content_type) WHERE content_type = '"application/pdf"';
