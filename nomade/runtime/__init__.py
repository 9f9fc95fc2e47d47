"""The supervisor and the servers that `nomade run` starts when no real one is configured.

Nothing here imports Django or an application of ours: this package must be able to say why the portal does not start.
"""
