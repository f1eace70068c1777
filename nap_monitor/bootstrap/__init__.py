"""Set-up, start and test run of NAP Monitor: what stands behind ``make run`` and ``make test``.

Runs with the machine's own Python before anything is installed, so it imports from the standard library only;
``probe.py`` alone runs inside ``.venv``. ``docs/decisions/0002-set-up.md`` says why it is made like this.
"""
