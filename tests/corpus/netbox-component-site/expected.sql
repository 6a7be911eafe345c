UPDATE dcim_interface i SET _site_id = site_id, _location_id = location_id, _rack_id = rack_id FROM dcim_device d WHERE d.id = i.device_id;
