INSERT INTO public.api_keys (user_id, key_prefix, hashed_key, label) VALUES (%s, %s, %s, %s)
