UPDATE boards b SET stars = (SELECT count(*) FROM users WHERE profile->'starredBoards' ? b._id);
