-- By which definitions were the variables of this release made?
-- Gives: definition, value, unit, meaning
select definition, value, unit, meaning
from marts.definitions
order by definition
