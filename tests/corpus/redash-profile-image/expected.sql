UPDATE users SET details = coalesce(details, '{}') || jsonb_build_object('profile_image_url', profile_image_url) WHERE profile_image_url IS NOT NULL;
