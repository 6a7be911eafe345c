UPDATE ci_runners SET token_encrypted = NULL WHERE token_encrypted IN (SELECT token_encrypted FROM ci_runners GROUP BY 1 HAVING count(*) > 1);
