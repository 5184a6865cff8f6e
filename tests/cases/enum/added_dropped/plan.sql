CREATE TYPE public.mood AS ENUM ('sad', 'it''s ok', 'happy');
CREATE TABLE public.t (
    m public.mood DEFAULT 'sad'::public.mood
);
DROP TYPE public.gone;
