"""Questions that several detectors ask of a solution, each with one answer: IAM statements, ingress rules, instance classes, prices."""
