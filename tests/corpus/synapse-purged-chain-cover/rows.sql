INSERT INTO events SELECT '$' || i FROM numbers(100) i WHERE i % 3 > 0;
INSERT INTO event_auth_chains SELECT '$' || i, i / 10, i % 10 FROM numbers(120) i;
INSERT INTO event_auth_chain_links SELECT DISTINCT num(i, 13), num(i, 10, 's'), num(i, 13, 't'), num(i, 10, 'u') FROM numbers(300) i;
