"""Long work as jobs: plans, drift, verified dumps.

The queue is procrastinate's, in ``dataio_meta`` of the database that the API serves, so that jobs outlive whoever asked
for them, and workers may be on as many machines as one likes.

    queue    procrastinate: putting jobs in, running them, taking up those of workers that died
    reports  what a job says while it works and when it is done
    work     what each kind of job does
"""
