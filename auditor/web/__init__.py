"""The audit as pages and an HTTP interface: a request in, what the command line would say out.

`command` starts it; `app` has the routes, `guard` what every request must pass, `uploads` takes
documents out of requests, `jobs` has processes of their own work on them, `answers` is what these
do, `pages` draws what people see and `openapi` says what programs may ask. Only `audit serve`
imports any of it.
"""
