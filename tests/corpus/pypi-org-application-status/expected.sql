UPDATE organization_applications
SET status = (CASE is_approved WHEN true THEN 'approved' WHEN false THEN 'declined' ELSE 'submitted' END)::organizationapplicationstatus;
