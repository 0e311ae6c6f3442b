"""The editors' page: findings settled one by one, by many hands, and nothing lost."""
