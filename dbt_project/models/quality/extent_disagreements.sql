-- Where the two rules of what a major hepatectomy is disagree: by the published series, and by the number of segments. A
-- left lateral sectionectomy is major by the one and minor by the other; three separate segmentectomies are the reverse.
-- Odd: an operation whose extent is unknown by either rule disagrees with nothing.
-- One row per procedure and pair of extents.
select
    procedure_term,
    hepatectomy_extent_by_paper,
    hepatectomy_extent_by_segments,
    cast(count(*) as integer) as operations
from {{ ref('int_operations') }}
where hepatectomy_extent_by_paper <> hepatectomy_extent_by_segments
group by procedure_term, hepatectomy_extent_by_paper, hepatectomy_extent_by_segments
