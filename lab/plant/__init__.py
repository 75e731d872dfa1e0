"""The demo plant of Bulkhead: real protocol stacks in network namespaces."""
