UPDATE attribute_attributevalue v SET "numeric" = name::float8 FROM attribute_attribute a
WHERE a.id = attribute_id AND input_type = 'numeric' AND "numeric" IS NULL AND name ~ '^ *-?[0-9]';
