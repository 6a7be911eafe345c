INSERT INTO merge_requests
SELECT i, pick(i, 1, 1, 1, 2, 3)::smallint, num(i, 7) = 0,
       pick(i, 'Draft: fix', 'draft', '[DRAFT] it', '(Draft) it', 'wip', 'WIP: a', '[wip]', ' Draft: blank in front', 'Overdraft', 'A draft', '', NULL,
            'fix [draft]', 'DRAFTY', 'Ｄraft') FROM numbers(300) i;
