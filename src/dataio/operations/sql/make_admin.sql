INSERT INTO public.users (email, full_name, is_admin)
VALUES (%(email)s, %(name)s, true)
ON CONFLICT (lower(email)) DO UPDATE
   SET is_admin = true, is_active = true, full_name = coalesce(excluded.full_name, users.full_name)
RETURNING user_id, xmax = 0
