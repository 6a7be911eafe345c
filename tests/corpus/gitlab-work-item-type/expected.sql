UPDATE issues SET work_item_type_id = t.id FROM work_item_types t WHERE base_type = issue_type AND work_item_type_id IS NULL;
