INSERT INTO vms SELECT i, 'vm-' || i, pick(i, NULL, '', E'--- !ruby/string:VimString\nstr: vm-1\nxsiType: :ManagedObjectReference\nvimType: :VirtualMachine\n',
  E'--- !ruby/string:VimString\nvimType: HostSystem\nstr: é', E'--- plain\nvimType: :No\n', E'--- VimString\nstr: x\n'), pick(i, NULL, 'old') FROM numbers(150) i;
INSERT INTO hosts SELECT id, ems_ref, ems_ref_obj, NULL FROM vms WHERE id < 90;
