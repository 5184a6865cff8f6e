WITH owners AS (
    INSERT INTO public.data_owners (name, description, website) VALUES
        ('State Health Department', 'Collects reports of notifiable diseases.', 'https://health.example.org'),
        ('Meteorological Office', 'Runs the rain gauges and weather stations.', 'https://weather.example.org'),
        ('Office of the Census', 'Counts people and draws boundaries.', NULL),
        ('City Transport Authority', 'Runs the city''s buses.', 'https://buses.example.org'),
        ('Water Resources Board', 'Watches reservoirs, wells and sewage.', NULL)
    RETURNING data_owner_id, name
), contacts AS (
    INSERT INTO public.data_owner_contacts (data_owner_id, name, email, position, is_primary)
    SELECT data_owner_id, 'A. Person', 'data@example.org', 'Data officer', true FROM owners
), collections AS (
    INSERT INTO public.collections (collection_id, name, category, description) VALUES
        ('EP0001', 'Mosquito-borne diseases', 'Epidemiology', 'Cases and deaths as reported by districts.'),
        ('EP0002', 'Vector surveillance', 'Epidemiology', 'Surveys of vectors, and what laboratories found.'),
        ('EP0003', 'Hospital registers', 'Epidemiology', 'What hospitals report about their patients.'),
        ('CL0001', 'Rainfall', 'Climate', 'Gauges, grids, and what is made of them.'),
        ('CL0002', 'Weather stations', 'Climate', 'Temperature and humidity.'),
        ('DM0001', 'Population', 'Demography', 'Counts and projections.'),
        ('GE0001', 'Boundaries', 'Geography', 'The maps that places in other datasets refer to.'),
        ('MO0001', 'City buses', 'Mobility', 'Timetables and tickets.'),
        ('WA0001', 'Water', 'Environment', 'Reservoirs, wells, sewage.')
)
INSERT INTO public.buckets (name, url, is_default) VALUES ('sample files', %(url)s, true)
