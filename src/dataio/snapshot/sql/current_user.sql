select current_user::text as name
