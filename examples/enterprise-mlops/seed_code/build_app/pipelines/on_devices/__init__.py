# SPDX-License-Identifier: Apache-2.0
"""Models for devices, which have Python and little else."""
