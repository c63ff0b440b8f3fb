"""What a post is about and what should become of it: topic, place, demand, grade, route. Pure throughout.

It stores nothing, asks nobody and reads no clock. A learned model, if any, is passed in.
"""
