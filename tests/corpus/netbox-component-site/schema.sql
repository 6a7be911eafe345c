-- dialect: postgres
CREATE TABLE dcim_device (id bigint PRIMARY KEY, site_id bigint, location_id bigint, rack_id bigint);
CREATE TABLE dcim_interface (
  id bigint PRIMARY KEY,
  device_id bigint NOT NULL,
  _site_id bigint,
  _location_id bigint,
  _rack_id bigint
);
