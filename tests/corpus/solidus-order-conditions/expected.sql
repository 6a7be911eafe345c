-- review: 30
UPDATE solidus_promotions_conditions SET type = replace(type, '::Conditions::', '::Conditions::Order'), preferences = replace(replace(preferences, E'\n:line_item', E'\nline_item'), E'\nline_item_applicable: false', '')
WHERE type ~ '(Product|Taxon|OptionValue)$' AND preferences LIKE '%line_item_applicable: false%';
UPDATE solidus_promotions_conditions SET preferences = replace(preferences, E'\nline_item_applicable: true', '') WHERE preferences LIKE '%line_item_applicable: true%';
