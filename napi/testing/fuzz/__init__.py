"""Fuzzing of addons: calls that hypothesis draws, in processes that may die.

``napi fuzz`` is the command; :class:`~napi.testing.fuzz.campaign.Campaign` the same
for programs. ``pip install napi[fuzz]``.
"""
