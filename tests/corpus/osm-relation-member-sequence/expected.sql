UPDATE relation_members SET sequence_id = mod(member_id, 16384);
