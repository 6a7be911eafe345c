UPDATE redirects_redirect r SET enabled = r.enabled IS NOT FALSE, position = n - 1, redirect_type = coalesce(known.new, r.redirect_type)
FROM (SELECT id, row_number() OVER (PARTITION BY project_id ORDER BY update_dt DESC NULLS LAST, id) AS n FROM redirects_redirect) AS ranked
JOIN redirects_redirect self USING (id) LEFT JOIN (VALUES ('sphinx_html', 'clean_url_to_html'), ('sphinx_htmldir', 'html_to_clean_url')) AS known(old, new) ON old = self.redirect_type
WHERE ranked.id = r.id;
