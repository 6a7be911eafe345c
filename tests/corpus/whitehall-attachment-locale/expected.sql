UPDATE attachments a SET locale = primary_locale FROM editions e WHERE e.id = attachable_id AND attachable_type = 'Edition' AND a.type = 'HtmlAttachment'
  AND locale IS NULL AND e.type = 'Consultation' AND primary_locale <> 'en';
