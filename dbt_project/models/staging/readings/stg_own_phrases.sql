-- The hospital's own words (`vocabulary:` of registry.yml), normalized like every text. A phrase holds in its field alone:
-- a field with words of its own is read by a list of its own, ours with theirs in front, named <ours>/<extract>.<field>.
-- Odd: spellings that normalization makes one and that stand for different things say nothing; loading refuses them.
-- One row per extract, field and phrase.
select
    p.extract,
    p.field,
    f.vocabulary as our_list,
    f.vocabulary || '/' || p.extract || '.' || p.field as own_list,
    {{ normalize_phrase('p.phrase') }} as phrase,
    min(p.value) as value
from {{ source('raw', 'phrases') }} p
inner join {{ source('raw', 'fields') }} f on f.extract = p.extract and f.field = p.field
group by p.extract, p.field, f.vocabulary, {{ normalize_phrase('p.phrase') }}
having count(distinct p.value) = 1
