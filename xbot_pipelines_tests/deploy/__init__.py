"""What runs it on a server is in step with what it is: the image, compose.yaml and the values for Kubernetes.

No container is started here: what was tried with one is told in docs/deploying.md.
"""
