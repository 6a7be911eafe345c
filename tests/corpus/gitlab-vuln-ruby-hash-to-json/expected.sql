-- json: vulnerability_occurrences.raw_metadata
-- quarantined: 70
UPDATE vulnerability_occurrences AS o SET raw_metadata = p.json
FROM (VALUES ('{:name=>"XSS", :severity=>:high}', '{"name": "XSS", "severity": "high"}'),
  ('{}', '{}'),
  ('{"id"=>12, :score=>-3, "ratio"=>1.5, "x"=>nil}', '{"id": 12, "score": -3, "ratio": 1.5, "x": null}'),
  ('{:list=>[1, "two", :three, nil, [], {}], :ok=>true, :no=>false}', '{"list": [1, "two", "three", null, [], {}], "ok": true, "no": false}'),
  ('{"path"=>"a\\b \"q\" \n \u00e9 \e[1m \#{x}"}', '{"path": "a\\b \"q\" \n é \u001b[1m #{x}"}'),
  ('{ "nested" => { "deeper" => { :a => { "b" => [ { :c => 1 } ] } } } }', '{"nested": {"deeper": {"a": {"b": [{"c": 1}]}}}}'),
  ('{:"quoted key"=>"Ärger 日本", :q? => 1, :w! => 2}', '{"quoted key": "Ärger 日本", "q?": 1, "w!": 2}'),
  ('{name: "new style", "str": 2}', '{"name": "new style", "str": 2}'),
  ('{''single''=>''it\''s \n''}', '{"single": "it''s \\n"}')) AS p(ruby, json)
WHERE o.raw_metadata = p.ruby AND o.report_type IN (7, 99);
