DELETE FROM dashboard_slices d USING dashboard_slices first WHERE first.dashboard_id = d.dashboard_id AND first.slice_id = d.slice_id AND first.id < d.id;
