DELETE FROM deployments WHERE environment_id NOT IN (SELECT id FROM environments);
