UPDATE vms SET ems_ref_type = ltrim(substring(ems_ref_obj from 'vimType: (:?[A-Za-z]+)'), ':') WHERE ems_ref_obj LIKE '%VimString%';
UPDATE hosts SET ems_ref_type = ltrim(substring(ems_ref_obj from 'vimType: (:?[A-Za-z]+)'), ':') WHERE ems_ref_obj LIKE '%VimString%';
