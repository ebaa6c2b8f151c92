"""Operations, a subject each; all call the actions and queries of the apps."""
