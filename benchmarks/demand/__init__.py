"""Study: how good are projections of new cases, made on twelve dates of 2020 for the 31 provinces of China?"""
