"""What the desks for licences, customs and support share: matters dealt with step by step, their files, their pages."""
