"""Clearland: a national mine database and an evidence ledger in one. SPDX-License-Identifier: Apache-2.0."""
