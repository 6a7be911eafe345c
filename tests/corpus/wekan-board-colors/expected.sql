UPDATE boards SET background = NULL, color = CASE background->>'color'
  WHEN '#16A085' THEN 'modern' WHEN '#2980B9' THEN 'belize' WHEN '#999999' THEN 'corteza' END
WHERE background->>'color' IN ('#16A085', '#2980B9', '#999999');
