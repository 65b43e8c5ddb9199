# SPDX-License-Identifier: Apache-2.0
"""Models that somebody else has trained, from SageMaker JumpStart: trained further with data of one's own."""
