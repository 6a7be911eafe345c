UPDATE widgets SET options = jsonb_set(options, '{position,col}', to_jsonb((options#>>'{position,col}')::int * 2)) WHERE options#>'{position,col}' IS NOT NULL;
UPDATE widgets SET options = jsonb_set(options, '{position,sizeX}', to_jsonb((options#>>'{position,sizeX}')::int * 2)) WHERE options#>'{position,sizeX}' IS NOT NULL;
