UPDATE organizations SET normalized_name = lower(regexp_replace(name, '[-_.]+', '-', 'g'));
