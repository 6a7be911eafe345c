INSERT INTO "OrganizationUser"
SELECT id(i), pick(i, 4, 4, 4, 2, 0)::smallint,
       pick(i, NULL, '', 'not json', '{}', '{"editAssignedCollections": true}', '{"deleteAssignedCollections": true, "manageUsers": false, "accessReports": false}',
            '{"editAssignedCollections": true, "manageUsers": true}', '{"editAssignedCollections": false, "manageScim": true, "other": "é"}',
            '{"editAssignedCollections": false, "deleteAssignedCollections": false}', '[]', '{"deleteAssignedCollections": true, "manageSso": null}')
FROM numbers(300) i;
