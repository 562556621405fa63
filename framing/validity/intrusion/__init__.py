"""Tests of topics and labels by people: which word, topic or label does not belong?"""
