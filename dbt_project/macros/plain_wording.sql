{#- The many ways of saying one thing made one, so that a code list needs each thing once. Phrases of the lists and texts of
    the extracts pass through the same patterns and are compared afterwards. A pattern only unites what means the same, or
    takes away what cannot change the meaning of the rest; whatever is left has to be on the list. It may not take away a
    word that limits a denial ("no extensive invasion"), names another thing ("bile duct") or turns a phrase round ("low
    grade" is not "low differentiation").
    Patterns are applied in their order; (^|[^\p{L}]) is the word boundary of Persian, which \b does not know. -#}

{#- Ways of speaking that every field shares: articles, copulas, synonyms of "seen" and "cannot be assessed". -#}
{% macro plain_words(text) -%}
  {%- set seen = 'seen|observed|demonstrated|visuali[sz]ed|detected|found|noted|evident|appreciated|recogni[sz]ed' -%}
  {%- set assess = '(?:assess|determine|evaluate|grade|count|measure|establish)(?:ed|d)?' -%}
  trim({{ replace_patterns(text, [
    ('\\(s\\)', 's'),
    ('^(?:[1-9][0-9]? ?= ?(\\p{L})|0 ?= ?([a-oq-z]|\\p{Arabic}))', '\\1\\2'), ('\\b(approx|ca|max|min)[.] ', '\\1 '),
    ('(\\p{L})-(\\p{L})', '\\1 \\2'), ('(\\p{Arabic})([,;).])', '\\1 \\2'), ('[(](\\p{Arabic})', '( \\1'),
    ('\\b(?:the|an|a) ', ''),
    ('\\b(?:is|are|was|were|be|been|being|has|have) ', ''),
    ('favour', 'favor'), ('(^|[^\\p{L}])نگاتیو($|[^\\p{L}])', '\\1منفی\\2'), ('(^|[^\\p{L}])پوزیتیو($|[^\\p{L}])', '\\1مثبت\\2'),
    ('\\b(?:can not|could not|unable to) ', 'cannot '),
    ('\\bcannot ' ~ assess ~ '\\b|\\bnot (?:assessable|evaluable|gradable|determinable|measurable)\\b|\\bun(?:assessable|evaluable)\\b', 'not assessable'),
    ('\\bcannot (?:exclude|rule out|ruled out)\\b', 'cannot excluded'),
    ('\\b(?:' ~ seen ~ ')\\b', 'identified'),
    ('قابل (?:ارزیابی|بررسی) (?:نیست|نمی ?باشد)|غیر ?قابل ارزیابی', 'not assessable'),
    ('(^|[^\\p{L}])(?:نگردیده است|نگردیده|نگردید|نشده است|نشده|نشدند|نمی ?شو(?:د|ند)|نمی ?گرد(?:د|ند))($|[^\\p{L}])', '\\1نشد\\2'),
    ('(^|[^\\p{L}])(?:گردیده است|گردیده|گردید|شده است|شده|شدند|می ?شو(?:د|ند)|می ?گرد(?:د|ند))($|[^\\p{L}])', '\\1شد\\2'),
    ('(^|[^\\p{L}])(?:مشاهده|رویت|یافت|شناسایی) (شد|نشد)($|[^\\p{L}])', '\\1دیده \\2\\3'),
    ('(^|[^\\p{L}])مشهود (?:نیست|نمی ?باشد)', '\\1دیده نشد'),
    ('(^|[^\\p{L}])مشهود (?:است|می ?باشد)', '\\1دیده شد'),
    ('(^|[^\\p{L}])(?:وجود ندارد|موجود نیست|موجود نمی ?باشد)', '\\1ندارد'),
    ('(^|[^\\p{L}])(?:وجود دارد|موجود است|موجود می ?باشد)', '\\1دارد'),
    ('(^|[^\\p{L}])(?:نمی ?باشن?د|نیستند)($|[^\\p{L}])', '\\1نیست\\2'),
    (' (?:می ?باشن?د|است|هستند)($|[^\\p{L}])', '\\1'),
    ('(^|[^\\p{L}])(?:شواهدی|علائمی|اثری) (?:از|به نفع|دال بر|مبنی بر) ', '\\1'),
    (' +', ' '),
  ]) }})
{%- endmacro %}

{#- The terms of each code list. `text` has passed through plain_words. A text of which nothing is left stays as it was. -#}
{% macro plain_terms(text, vocabulary) -%}
  coalesce(nullif(trim(case {{ our_list(vocabulary) }}
    {% for list, patterns in (term_patterns().items() | list) + (operation_term_patterns().items() | list) %}
    when '{{ list }}' then trim(regexp_replace({{ replace_patterns("' ' || " ~ text ~ " || ' '", patterns) }}, ' +', ' ', 'g'))
    {% endfor %}
    else {{ text }}
  end), ''), {{ text }})
{%- endmacro %}

{% macro term_patterns() -%}
  {%- set colon = [(' *: *', ' ')] -%}
  {%- set vessels = '(?:venous|vascular|blood vessels?|large vessels?)' -%}
  {%- set lymphatics = '(?:lymphatics?|lymphatic vessels?|lymph vessels?|small vessels?)' -%}
  {%- set invasion = colon + [
    ('\\blymphatic \\(small vessels?\\)|\\bsmall vessels? \\(lymphatics?\\)', 'lymphatic'),
    ('\\b(?:venous|vascular) \\(large vessels?\\)|\\blarge vessels? \\((?:venous|vascular|veins?)\\)', 'venous'),
    ('\\b(lvi|lvsi|pni) ?\\+', '\\1 present '), ('\\b(lvi|lvsi|pni) ?-( ?[,;/.]| $)', '\\1 absent \\2'), ('\\bly ?([01x]|\\([+-]\\))', 'l\\1'), ('\\b(l|v|pn) ?\\([+]\\)', '\\11'), ('\\b(l|v|pn) ?\\(-\\)', '\\10'),
    ('\\b(?:lymphatic|venous|vascular|vessel|perineural|lymphovascular) invasion \\(p?(l[01x]|v[012x]|pn[01x])\\)', '\\1'),
    ('\\b(l[01x]|v[012x]|pn[01x]) \\((?:no )?(?:lymphatic|venous|vascular|vessel|perineural) invasion(?: identified| present)?\\)', '\\1'),
    ('\\bportal venous\\b', 'portal vein'), ('\\blarge vessel venous\\b', 'venous'), ('\\binvasion (intramural|extramural)\\b', 'invasion'), ('\\b(?:intramural|extramural) (?:venous|vascular)\\b', 'venous'),
    (' present[ ,]+\\(?(?:in )?(?:portal|hepatic) vein(?: branch(?:es)?)?\\)?', ' venous invasion present'),
    ('\\bpn1[ab]\\b', 'pn1'), ('\\btumor thromb(?:us|i|osis) in (?:portal|hepatic) vein\\b', 'venous invasion'),
    ('^ (present|absent|identified|not identified) ?\\(small vessels?\\)', ' lymphatic invasion \\1'),
    ('^ (present|absent|identified|not identified) ?\\(large vessels?\\)', ' venous invasion \\1'),
    ('\\b(?:(?:rare|few|scattered|occasional) )?(?:foci|focus) of ', ''),
    ('\\btumor (?:emboli|embolus|thrombi|cells) (?:in|within) (?:lymphatics|lymphatic (?:spaces?|channels?|vessels?))\\b', 'lymphatic invasion'),
    ('\\btumor (?:emboli|embolus|thrombi|cells) (?:in|within) (?:vascular|lymphovascular) (?:spaces?|channels?)\\b', 'vascular invasion'),
    ('\\b(?:portal|hepatic) vein(?: branch(?:es)?)? (?:not involved|uninvolved)\\b', 'no venous invasion'),
    ('\\b(?:portal|hepatic) vein(?: branch(?:es)?)? (?:involved|involvement|tumor thromb(?:us|i|osis))\\b', 'venous invasion'),
    ('\\b(lymphatic|vascular|venous|lymphovascular|perineural|perineurial|neural|nerve|vessel|vein) (?:space invasion|infiltration|involvement|permeation)\\b', '\\1 invasion'),
    ('\\band ?/ ?or\\b', 'or'), ('([a-z]) ?/ ?([a-z])', '\\1 or \\2'),
    ('\\b(?:lymph ?vascular|lympho vascular|angiolymphatic|lymphangiovascular|lymphovascular space)\\b', 'lymphovascular'),
    ('\\b(?:lvsi|lvi)\\b', 'lymphovascular invasion'), ('\\(\\+\\)', ' present '), ('\\(-\\)', ' absent '), (' (absent|present|identified) ?(?:,|;| and) (venous|lymphatic) ', ' \\1; \\2 invasion '), (' (lymphatic|small vessels?|venous|large vessels?|perineural) (absent|present|not identified|negative|positive)', ' \\1 invasion \\2'), ('\\binvasion invasion\\b', 'invasion'),
    ('\\bintravascular tumor(?: cells)? $', 'vascular invasion '), ('\\b(?:intravascular|vascular|lymphovascular) tumor (?:emboli|embolus|thromb(?:i|us))\\b', 'vascular invasion'), ('\\bsmall vessel lymphovascular\\b', 'lymphatic'),
    ('\\b(?:lymphatic invasion (l[01x])|venous invasion (v[012x])|perineural invasion (pn[01x]))\\b', '\\1\\2\\3'), (' (?:درگیری|انوازیون|تهاجم) (?:به )?عروق لنفاوی ', ' تهاجم لنفاوی '), ('تهاجم به عروق ', 'تهاجم عروقی '),
    ('\\bpni\\b', 'perineural invasion'), ('\\bperineural (?:spread|growth)\\b', 'perineural invasion'), ('\\bangioinvasion\\b', 'vascular invasion'),
    ('\\b(?:portal|hepatic) vein invasion\\b', 'venous invasion'),
    ('\\b(?:perineurial|peri neural|neural|intraneural|nerve|nerve sheath) (?:invasion|involvement)\\b', 'perineural invasion'),
    ('\\b' ~ lymphatics ~ '(?: invasion)? +(?:or|and) +' ~ vessels ~ ' invasion\\b|\\b' ~ vessels ~ '(?: invasion)? +(?:or|and) +' ~ lymphatics ~ ' invasion\\b', 'lymphovascular invasion'),
    ('\\bneither (.*) nor ', 'no \\1 or '),
    ('\\bno ([a-z]+ invasion) +(?:or|nor|and)(?: no)? ([a-z]+ invasion)\\b', 'no \\1 or \\2'),
    ('\\bperineural(?: invasion)? +(or|and) +(lymphovascular|vascular) invasion\\b', '\\2 \\1 perineural invasion'),
    ('\\b(lymphovascular|vascular) invasion +(or|and) +perineural invasion\\b', '\\1 \\2 perineural invasion'),
    ('\\b(l|v|pn) ([012x])\\b', '\\1\\2'),
    ('\\bp(l[01x]|v[012x]|pn[01x])\\b', '\\1'),
    (' (?:درگیری|انوازیون|اینوازیون) ', ' تهاجم '),
    (' تهاجم (?:به )?(?:ورید|وریدهای|وریدها)(?: (?:پورت|باب|کبدی))? ', ' تهاجم وریدی '),
    (' تهاجم (?:عروقی (?:و|یا) (?:عصبی|پری ?نورال)|(?:عصبی|پری ?نورال) (?:و|یا) عروقی) ', ' lymphovascular and perineural invasion '),
    ('تهاجم (?:به )?(?:عروق )?(?:لنفو ?واسکول[ا]?ر|لنفاوی عروقی|عروقی لنفاوی|عروقی لنفی|لنفی عروقی|لنفاوی (?:و|یا) عروقی|عروقی (?:و|یا) لنفاوی|لنفاوی (?:و|یا) خونی)', 'تهاجم لنفوواسکولار'),
    ('تهاجم (?:به )?(?:دور |اطراف )?(?:پری ?نورال|اعصاب|عصبی|عصب)', 'تهاجم پری نورال'),
    ('تهاجم لنفوواسکولار (?:و|یا) (?:تهاجم )?پری نورال|تهاجم پری نورال (?:و|یا) (?:تهاجم )?لنفوواسکولار', 'lymphovascular and perineural invasion'),
  ] -%}
  {%- set tumor = '(?:(?:any|invasive|metastatic|malignant|residual) )*(?:adenocarcinoma|carcinoma|cancer|malignancy|malignant cells|malignant tumor|tumor cells|cancer cells|neoplasm|neoplastic cells|tumoral cells|disease|lesion|nodule|metastasis|tumor)' -%}
  {%- set not_parenchymal = '(?:(?:hepatic |liver |glisson )?capsule|capsular|bile duct|biliary|circumferential|radial|vascular|(?:hepatic|portal) vein)' -%}
  {%- set margin_of = '(?:surgical|resection|parenchymal|hepatic|liver|transection|inked|excision|cut)' -%}
  {%- set adjectives = '(?:g ?[1-4x]|[1-4x]|i{1,3}|iv|well|moderate|moderately|poor|poorly)' -%}
  {%- set numbers = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'] -%}
  {%- set persian_numbers = ['یک', 'دو', 'سه', 'چهار', 'پنج', 'شش', 'هفت', 'هشت', 'نه', 'ده'] -%}
  {%- set count = [] -%}
  {%- for word in numbers -%}
    {%- do count.append((' ' ~ word ~ '(?: \\(' ~ loop.index ~ '\\))? ', ' ' ~ loop.index ~ ' ')) -%}
    {%- do count.append((' ' ~ loop.index ~ ' \\(' ~ word ~ '\\)', ' ' ~ loop.index ~ ' ')) -%}
  {%- endfor -%}
  {%- for word in persian_numbers -%}
    {%- do count.append((' ' ~ word ~ ' ', ' ' ~ loop.index ~ ' ')) -%}
  {%- endfor -%}
  {%- set mm = [] -%}
  {%- for word in numbers[:10] -%}
    {%- do mm.append(('(^| )' ~ word ~ ' (mm|cm|millimet|centimet)', '\\1' ~ loop.index ~ ' \\2')) -%}
  {%- endfor -%}
  {%- for word in persian_numbers -%}
    {%- do mm.append((' ' ~ word ~ ' (میلی|سانت)', ' ' ~ loop.index ~ ' \\1')) -%}
  {%- endfor -%}
  {%- set scale = 'mandard|rubbia brandt|dworak|rodel|cap|ryan|becker' -%}
  {%- set bowel = '(?:colorectal|colonic|colon|rectal|rectum|rectosigmoid|sigmoid|crc|large bowel|large intestine)' -%}
  {%- set of_liver = 'liver|hepatic|right|left|caudate|lobes?|segments?|segs?|[1-8][ab]?|[iv]+[ab]?|and|of|partial|extended|non ?anatomic(?:al)?|lateral|medial|anterior|posterior|hepatectomy|hemihepatectomy|lobectomy|sectionectomy|segmentectomy|metastasectomy|wedge|resection|excision|biopsy|specimen|mass|lesion|nodule|tumor' -%}
  {#- In a diagnosis: what belongs to other fields, in parts that name nothing else; and changes of a tumor that are no diagnosis. -#}
  {%- set length = '[0-9][0-9.]*(?: ?(?:cm|mm))?' -%}
  {%- set size = '(?: ?[(]?(?:(?:largest|greatest|dimension|diameter|size|in|of|measuring|measures|up to|each|nodule|lesion|tumor)[: ]+)*' ~ length ~ '(?:(?: ?x ?|,? and |[/-])' ~ length ~ ')* ?(?:cm|mm)(?: in (?:greatest |largest )?(?:dimension|diameter))?[)]?)' -%}
  {%- set aside_words = '(?:[ :/=<>(]+(?:surgical|resection|parenchymal|all|both|closest|nearest|status|distance|free|clear|negative|positive|involved|uninvolved|not|no|present|absent|identified|involvement|of|in|by|for|from|at|with|or|and|tumor|background|surrounding|adjacent|liver|hepatic|parenchyma|mild|moderate|severe|minimal|significant|macrovesicular|partial|minor|major|[0-9.]*[0-9] ?%?|r[0-2]|l[01x]|v[012x]|pn[01x]|mm|cm|margins?|lvi|pni|(?:lymphovascular|perineural|vascular)(?: invasion)?|steatosis)[)]?)' -%}
  {%- set aside_nouns = '(?:[ :/=<>(]+(?:margins?|r[0-2]|l[01x]|v[012x]|pn[01x]|lvi|pni|(?:lymphovascular|perineural|vascular) invasion|steatosis|unremarkable|response|trg ?[0-5]|necrosis [0-9]+ ?%|see (?:comment|note))[)]?)' -%}
  {%- set other_field = '(?:[,;.]| with)(?:' ~ size ~ '|' ~ aside_words ~ '*' ~ aside_nouns ~ aside_words ~ '*)([,;.]| $)' -%}
  {%- set change = '(?:(?:extensive|focal|marked|abundant|prominent|tumor|treatment|therapy|chemotherapy|post treatment) )*(?:necrosis|fibrosis|calcifications?|mucin(?: production)?|effects?|changes?|mucinous (?:features|component|differentiation|areas))\\b' -%}
  {%- set stains = 'ck ?7|ck ?20|cdx ?-?2|satb ?2|cea|cytokeratin 7|cytokeratin 20' -%}
  {%- set elsewhere = '(?:pancrea(?:s|tic)|gastric|stomach|lung|pulmonary|breast|mammary|ovar(?:y|ian)|renal|kidney|prostat(?:e|ic)|biliary|pancreatobiliary|esophag(?:us|eal)|endometri(?:um|al)|bladder|urothelial|thyroid|appendix|appendiceal)' -%}
  {{ return({
    'lymphovascular_phrases': invasion, 'lymphatic_phrases': invasion, 'venous_phrases': invasion, 'perineural_phrases': invasion,
    'margin_phrases': mm + [
      (' ?= ?(\\p{L})', ' \\1'), ('\\b(?:negative|free|clear) ?[(/] ?r0\\)?', 'r0'), ('\\b(?:positive|involved) ?/ ?r1\\b', 'r1'),
      ('\\(\\+\\)|^ [+] $', ' positive '), ('\\(-\\)', ' negative '), (' s[.]?m[.]? (free|clear|negative|positive|involved)', ' margin \\1'), (' فری ', ' آزاد '), ('\\bmargins? (آزاد|درگیر|منفی|مثبت)', 'حاشیه \\1'), (' (?:حاشیه|مارژین|مارجین)(?: ?ها)?(?: جراحی)? (free|clear|negative|positive|involved)\\b', ' margin \\1'),
      ('\\bwidely (free|clear|negative)\\b', '\\1'), ('\\b(?:one|1) margin (positive|involved)\\b', '\\1'), ('\\brx ?[(,:-] ?not assessable\\)?', 'rx'), (' doubtful ', ' equivocal '), ('\\bundetermined\\b', 'not assessable'),
      ('\\bmicroscopic(?:ally)? (?:margin )?(positive|involved|involvement|negative|free|clear|uninvolved)\\b', '\\1'), ('\\b(?:macroscopic(?:ally)?|gross(?:ly)?) (?:margin )?(?:positive|involved|involvement)\\b', 'r2'),
      ('\\bwith (?:(?:closest|minimum|minimal) )?(?:(?:distance|clearance|margin) (?:of )?)?([0-9.,]+ ?(?:mm|cm))(?: (?:margin|clearance))?\\b', '; \\1'), (' عاری (?:از )?درگیری ', ' عاری '), ('^ zero ', ' 0 mm '), (' نیم سانت', ' 0.5 سانت'),
      ('\\br0 ?[(/,:-] ?(?:complete resection|microscopically (?:negative|free)|no residual tumor|(?:negative|free|clear)(?: margins?)?)\\)?', 'r0'),
      ('\\br1 ?[(/,:-]? ?(?:microscopic(?:ally)?(?: positive| involved| involvement| residual(?: tumor| disease)?)?|(?:margins? )?(?:positive|involved))\\)?', 'r1'),
      ('\\br2 ?[(,:-]? ?(?:macroscopic(?:ally)?|gross(?:ly)?)(?: positive| involved| involvement| residual(?: tumor| disease)?)?\\)?', 'r2'),
      (' (positive|involved) ?\\((?:focal|focally)\\)', ' \\1'),
      ('\\b([0-9.,]+ ?(?:mm|cm)) (clear|free)(?: (?:of|from) (?:margins?|tumor))?', '\\1; \\2'), ('\\btumor ([0-9.,]+ ?(?:mm|cm); clear)', '\\1'), ('\\btumor clear (?:of|from) margins? by ', 'clear; '), ('^ [0-9] ?[:.-] ?(r ?[0-2x])\\b', ' \\1'),
      ('\\btumor approaches to (?:within )?([0-9.,]+ ?(?:mm|cm)) of ', 'tumor \\1 from '),
      ('\\bmargins? transected(?: through tumor)?', 'transected'), ('\\b(?:abuts|abutting|abutted) ', 'touches '),
      (' ' ~ tumor ~ ' ', ' tumor '),
      (' ' ~ tumor ~ '([;,.)])', ' tumor\\1'),
      ('\\b(?:closest|nearest|narrowest|minimum|minimal|min) ', 'closest '),
      (' (?:' ~ margin_of ~ ' )+(?:margin|edge|surface|line)(s?)\\b', ' margin\\1'),
      ('\\b(?:all|both) margins\\b', 'margins'),
      ('\\bdeep margin\\b', 'margin'),
      ('\\bmargin involvement\\b|\\binvolvement of margin\\b', 'involvement'),
      ('\\btumor (?:does not (?:involve|reach|extend to|touch)|has not reached|not (?:identified |present )?(?:at|on|in)|absent (?:at|from)) (?:margin|ink)\\b|\\bno (?:evidence of )?tumor (?:identified |present )?(?:at|on) (?:margins?|ink)\\b|\\bno ink on tumor\\b', 'uninvolved'),
      ('\\btumor (?:present |identified )?(?:at|on|involves|reaches|extends to|touches|touching) (?:margin|ink)\\b|\\b(?:positive|involved) (?:at|for tumor at) margin\\b|^ ink on tumor $', 'involved'),
      ('^ ' ~ not_parenchymal ~ '(?: margins?)? ?:? ?(?:free|negative|clear|uninvolved|not involved)[;,.] ?((?:parenchymal |closest )?margin)', ' \\1'),
      ('\\b(margins?) of resection\\b', '\\1'),
      ('\\btumor (?:located|situated|lies) ', 'tumor '), ('\\btumor distance\\b', 'distance of tumor'), ('\\bmargin status\\b', 'margin'), (' لبه (?:های |ها )?(آزاد|درگیر|منفی|مثبت)', ' حاشیه \\1'), (' (?:حاشیه|مارژین|مارجین|حواشی|لبه)(?: جراحی| برش| رزکسیون)? ?: *', ' حاشیه '), ('\\btumor ([0-9.,]+ ?(?:mm|cm)) away from ', 'tumor \\1 from '),
      ('\\btumor (?:comes to|extends to|present|identified) within ', 'tumor within '),
      ('\\b(?:closest|minimum) distance\\b', 'distance'),
      ('\\br([0-2])(?: (?:resection|margins?|status))+\\b', 'r\\1'), ('\\bfrom closest tumor\\b', 'from tumor'),
      ('\\b(r[0-2]),? \\(?parenchymal\\)?', '\\1'), ('\\br2 ?\\(macroscopic\\)', 'r2'), ('\\bcomplete (?:resection )?\\(r0\\)', 'r0'),
      ('\\b(?:microscopically )?(?:positive|involved) \\(r1\\)', 'r1'),
      ('\\b(?:free|negative|clear) but close\\b|\\bclose but (?:free|negative|clear)\\b', 'negative'),
      ('\\bmillimeters? \\(mm\\)|\\(millimeters?\\)|\\(mm\\)', 'mm'),
      (' (?:لبه|لبه های) (?:برش|جراحی) ', ' حاشیه '),
      (' تومور (?:در|به) حاشیه (?:دیده شد|رسیده) ', ' درگیر '), (' تومور (?:در|به) حاشیه (?:دیده نشد|نرسیده) ', ' درگیر نیست '),
      ('\\b(free|clear|negative|positive|involved|uninvolved) (?:of|from|for|by|with) (?:tumor(?:al)?(?: involvement| invasion)?|involvement|invasion)\\b', '\\1'),
      ('^ without (?:tumor|involvement) ', ' uninvolved '), ('\\bno (?:tumor(?:al)? )?(?:involvement|invasion)(?: (?:of|to|at|in) margins?)?\\b', 'no involvement'),
      ('\\btumor free margin', 'free margin'),
      ('\\bclosest (margins?)\\b', '\\1'),
      (' (?:مارژین|مارجین|حواشی) ', ' حاشیه '),
      (' حاشیه (?:های|ها|ی) ', ' حاشیه '),
      (' حاشیه (?:جراحی|برش|رزکسیون|پارانشیمی|پارانشیم|کبدی) ', ' حاشیه '),
      (' نزدیک ?ترین ', ' '),
      ('\\bfocal(?:ly)? (positive|involved)\\b', '\\1'),
      ('\\btumor transected\\b|\\btransected tumor\\b', 'transected'), ('\\btransected at margin\\b', 'transected'),
      ('\\b(?:tumor )?detached from (?:(?:hepatic|portal|right|middle|left) )*(?:veins?|pedicles?|vessels?)\\b', 'detached from vessel'),
      (' ?\\((?:at |in )?(?:posterior|anterior|superior|inferior|medial|lateral|left|right)(?: (?:side|aspect|edge|margin))?\\)', ''),
      ('\\b((?:parenchymal|margin) [^,;]*[0-9] ?(?:mm|cm))[,;] ?' ~ not_parenchymal ~ '(?: margins?)? ?[:=]? ?(?:[0-9.]+ ?(?:mm|cm)|free|negative|clear|uninvolved|not involved)\\b', '\\1'),
      ('\\b([0-9.]+ ?(?:mm|cm) (?:to|from) (?:parenchymal )?margin)[,;] ?[0-9.]+ ?(?:mm|cm) (?:to|from) ' ~ not_parenchymal ~ '(?: margin)?\\b', '\\1'), ('^ ((?:parenchymal )?margins? (?:negative|free|clear|uninvolved|not involved))[,;] ?' ~ not_parenchymal ~ '(?: margins?)? ?[:=]? ?(?:negative|free|clear|uninvolved|not involved) $', ' \\1'),
      ('^ [0-9.]+ ?(?:mm|cm) from ' ~ not_parenchymal ~ '(?: margin)?[,;] ?([0-9.]+ ?(?:mm|cm) from margin)\\b', ' \\1'),
      (' (?:با|به|و) فاصله(?: ی)? ', '; فاصله '),
      (' درگیری (?:در )?حاشیه (?:جراحی )?(?:دیده نشد|ندارد) ', ' درگیر نیست '), (' درگیری (?:در )?حاشیه (?:جراحی )?(?:دیده شد|دارد) ', ' درگیر '),
      ('\\br ?-? ?([0-2x])\\b', 'r\\1'),
      ('\\br1 ?[(/,] ?vascular\\)?', 'r1 vascular'),
      (' (?:غیر درگیر|درگیر نیست|بدون درگیری|فاقد درگیری|عدم درگیری) ', ' درگیر نیست '),
      (' (?:فاقد|بدون) (?:سلول های )?(?:تومورال|تومور|بدخیمی) ', ' عاری '), (' (عاری|آزاد|درگیر|فاقد درگیری)(?: از| با)? (?:سلول های )?(?:تومورال|تومور|بدخیمی) ', ' \\1 '),
    ],
    'tumor_grades': [('^ sections? shows? ', ' '), ('([0-9x]) *: *', '\\1; ')] + colon + [
      (' متمایز ', ' تمایز '), (' تمایزنیافته ', ' تمایز نیافته '), (' (?:درجه|گرید) (i{1,3}|iv) ', ' \\1 '), ('^ تومور ', ' '),
      ('\\bwith (?:(?:extensive|focal|abundant|marked|prominent|areas of) )*(?:necrosis|mucin(?: production)?|mucinous (?:component|features|areas))\\b', ''), ('\\b([1-3]) of 3\\b', '\\1'), (',? nos\\b', ''),
      ('\\b(?:histologic|histological|tumor|nuclear) grade\\b', 'grade'),
      ('\\bgrade *[:=-]+ *', 'grade '),
      ('\\b(g[1-4]|grade (?:[1-4]|i{1,3}|iv)|undifferentiated|high grade|low grade) (?:adenocarcinoma|carcinoma|tumor)\\b', '\\1'),
      ('\\bgrade (' ~ adjectives ~ ')\\b', '\\1'),
      ('\\bg ?(?:iii|3)\\b', 'g3'), ('\\bg ?(?:ii|2)\\b', 'g2'), ('\\bg ?(?:iv|4)\\b', 'g4'), ('\\bg ?(?:i|1)\\b', 'g1'), ('\\bg x\\b', 'gx'),
      ('\\b(?:intermediate|moderate) (?:grade|differentiation|differentiated)\\b|^ intermediate $', 'moderate'), ('\\bdifferentiation - ', 'differentiation '),
      ('\\bmoderate?ly\\b|\\bmod\\b\\.?', 'moderately'),
      ('\\b(well|moderate|moderately|poor|poorly) diff(?:erentiated|erentiation)?\\b\\.?', '\\1'),
      ('\\b(well|moderate|moderately|poor|poorly) (?:metastatic )?(?:adenocarcinoma|carcinoma|tumor)\\b', '\\1'),
      ('\\b(?:metastatic|mucinous|colorectal) (well|moderate|moderately|poor|poorly)\\b', '\\1'),
      ('\\b(?:tumor |adenocarcinoma )?(?:differentiation|differentiated) (well|moderate|moderately|poor|poorly)\\b', '\\1'),
      ('\\btumor (well|moderately|poorly)\\b', '\\1'), ('\\bpg([1-4])\\b', 'g\\1'), ('\\bg-([1-4])\\b', 'g\\1'),
      ('\\b(?:predominantly|mainly|mostly|focally|focal|partly) (well|moderate|moderately|poor|poorly)\\b', '\\1'),
      ('\\b(well|moderate|moderately|poor|poorly) (?:areas?|components?|foci)\\b', '\\1'),
      ('\\b(?:metastatic |mucinous |colorectal )*(?:adenocarcinoma|carcinoma)(?: metastatic)?\\b', 'adenocarcinoma'),
      (' (?:آدنوکارسینوم|آدنوکارسینوما)(?: متاستاتیک)? ', ' '),
      (' (?:درجه|گرید) یک ', ' 1 '), (' (?:درجه|گرید) دو ', ' 2 '), (' (?:درجه|گرید) سه ', ' 3 '),
      (' (?:درجه|گرید) ([1-4])($|[^0-9])', ' \\1\\2'),
      ('\\b(well|moderate|moderately) ?/? ?(moderate|moderately|poor|poorly)\\b', '\\1; \\2'), ('\\b(g[1-4]) ?[/,]? ?(g[1-4]|undifferentiated)\\b', '\\1; \\2'), ('\\b(g?[1-4]) ?/ ?(well|moderately|poorly)', '\\1; \\2'),
      (' (?:درجه|گرید|با) تمایز ', ' تمایز '), (' (?:درجه|گرید) (متوسط) ', ' \\1 '), (' (?:درجه|گرید) بالا ', ' high grade '), (' (?:درجه|گرید) پایین ', ' low grade '), ('^ hg $', ' high grade '), ('^ lg $', ' low grade '),
      (' (خوب|متوسط|ضعیف|کم|بد) تمایز(?: یافته)? ', ' تمایز \\1 '),
    ],
    'steatosis_phrases': colon + [
      ('^ [0-3] - ?([a-z])', ' \\1'),
      ('\\bkleiner(?: grade| score)? ([0-9])', 'grade \\1'),
      ('\\b(?:nas|nafld activity score)[ ,]+steatosis\\b', 'steatosis'), ('\\bgrade ([0-3])/3\\b', 'grade \\1'), ('^ s([0-3]) $', ' grade \\1 '),
      ('\\bscore\\b', 'grade'), (' ?\\((?:kleiner|nash crn)\\)', ''), ('\\bsteatosis grade\\b', 'grade'), ('\\bsteatosis ([0-3]) $', 'grade \\1 '),
      ('\\bgrade iii\\b', 'grade 3'), ('\\bgrade ii\\b', 'grade 2'), ('\\bgrade i\\b', 'grade 1'),
      ('\\b(?:fatty change|fatty infiltration|macrosteatosis)\\b', 'steatosis'),
      ('\\b(?:macrovesicular|hepatic|liver|hepatocellular) steatosis\\b', 'steatosis'),
      ('\\bmacrovesicular\\b', 'steatosis'),
      ('\\b(?:involv(?:ing|es)|affect(?:ing|s)|in|of) ', 'of '),
      ('\\bof (?:hepatic |liver )?(?:hepatocytes|liver cells|parenchyma|cells)\\b', ''),
      ('\\bof (approximately|about|approx)', '\\1'),
      (' of ([0-9<>~=])', ' \\1'),
      ('\\b(mild|moderate|severe|marked|slight|minimal|grade [0-3]) steatosis\\b', '\\1'),
      ('\\bsteatosis (mild|moderate|severe|marked|slight|minimal|grade [0-3]|absent|none|not identified)\\b', '\\1'),
      ('\\bno (?:fibrosis|inflammation|cirrhosis|steatohepatitis) (?:or|nor) steatosis\\b', 'no steatosis'), ('\\b(?:no evidence of|negative for|free of|absence of|without|no) steatosis(?: identified| present)?(?: (?:or|nor) (?:fibrosis|inflammation|cirrhosis|steatohepatitis))?\\b', 'no'),
      ('^ (?:(?:background|surrounding|adjacent|uninvolved|non ?neoplastic|non ?tumor(?:al|ous)?) )*(?:(?:hepatic|liver) )?(?:liver|parenchyma)(?: parenchyma| tissue)?(?: (?:with|shows|showing))? ', ' '), ('(?:,| and| with| without) ?(?:(?:no|focal|mild|moderate|minimal|portal|lobular|periportal) )*(?:ballooning|inflammation|fibrosis|cirrhosis|steatohepatitis|cholestasis|sinusoidal dilatation)( ?[,;.]| $)', '\\1'),
      (' (?:در )?(?:بافت |پارانشیم )?(?:کبد|کبدی) (?:اطراف تومور|اطراف|زمینه ای|زمینه|مجاور|غیر ?تومورال) ', ' '), (' (?:در )?(?:بافت|پارانشیم|کبد) (?:زمینه ای|غیر ?تومورال|کبد|کبدی|اطراف تومور|اطراف) ', ' '), (' کبد چرب ', ' استئاتوز '),
      (' ماکرو ?وی?زیکولا?ر ', ' '), (' (?:درجه|گرید) ([0-3]) ', ' grade \\1 '), (' استئاتوز grade ', ' grade '),
      (' (?:استئاتوزیس|استاتوز|تغییرات چربی|تغییر چربی) ', ' استئاتوز '),
      (' استئاتوز (خفیف|متوسط|شدید|دیده نشد|ندارد|منفی) ', ' \\1 '),
      (' (?:بدون|فاقد|عدم) استئاتوز ', ' ندارد '),
    ],
    'histologies': [
      ('^ (?:[a-h][.):] ?)?(?:liver|' ~ of_liver ~ ')(?:[ ,;/&+()-]+(?:' ~ of_liver ~ '))*[) ]*(?: ?[:;] ?-?| -) ', ' '),
      (other_field, '\\1'), (other_field, '\\1'),
      (' ?[,;.] ?(?:مارژین|مارجین|حاشیه)(?: ?ها| های)?(?: جراحی)? (?:آزاد|درگیر نیست|درگیر|منفی|مثبت|عاری از تومور)( ?[,;.]| $)', '\\1'), (' ?[,;.] ?(?:تهاجم|lvi|pni) [^;,.0-9]*(?:دیده (?:شد|نشد)|دارد|ندارد|منفی|مثبت)( ?[,;.]| $)', '\\1'),
      ('[,;.] ?(?:[b-h2-9][.):] ?)?gallbladder(?: with|:|,)? (?:(?:chronic|acute|mild) )*(?:cholecystitis|cholelithiasis|cholesterolosis|unremarkable|benign|no pathologic (?:abnormality|change|findings?)|negative for malignancy)', ''),
      (' ?[(,;]* *(?:(?:positive|negative) for )?(?:(?:' ~ stains ~ ') ?(?:[+-]|positive|negative)[,;/ ]*(?:and )?)+ *\\)?', ' '), (' +', ' '),
      (' [(]?m?-?8(?:14|48|49)0/[36][)]? ', ' metastatic adenocarcinoma '), ('\\b(?:metastatic )?adenocarcinoma,?(?: nos)? metastatic adenocarcinoma\\b', 'metastatic adenocarcinoma'), (' [(]?m?-?8170/3[)]? ', ' hcc '), (' [(]?m?-?8160/3[)]? ', ' cholangiocarcinoma '), ('\\b(?:hcc|hepatocellular carcinoma),?(?: nos)? hcc\\b', 'hcc'), ('\\bcholangiocarcinoma,?(?: nos)? cholangiocarcinoma\\b', 'cholangiocarcinoma'),
      ('[ ,;]+(?:status post|s/p|post|after|following) (?:(?:neoadjuvant|preoperative|systemic) )?(?:chemotherapy|chemo|therapy|treatment)\\b', ' '),
      ('\\b(?:' ~ numbers | join('|') ~ '|[1-9][0-9]?|multiple|several|single|solitary) (?:separate )?(?:foci|focus|nodules?|lesions?|deposits?) of ', ''), (' ?[(]see (?:comment|note)[)]', ''), ('[ ,;(]+(?:' ~ numbers | join('|') ~ '|[1-9][0-9]?|multiple|several|single|solitary) (?:foci|focus|nodules?|lesions?|deposits?)[)]?( ?[,;.]| $)', '\\1'), (' x ?[1-9] $', ' '), (size ~ ' $', ' '),
      ('[,;.] ?(?:background|surrounding|adjacent|uninvolved|non ?neoplastic) (?:liver|hepatic)(?: parenchyma| tissue)?:? (?:with |shows |showing )?(?:no |mild |moderate |severe |marked )?(?:significant )?(?:macrovesicular )?steatosis $', ' '),
      ('\\b(?:(?:known )?(?:clinical )?(?:history|case) of|k/c(?: of)?) ' ~ bowel, 'known colorectal'), ('\\b(?:of|from) (?:(?:known|prior|previous) )+' ~ bowel ~ '(?: (?:adenocarcinoma|carcinoma|cancer|ca)\\b)?', 'of colorectal'), ('\\bnet\\b', 'neuroendocrine tumor'), ('\\bneuroendocrine tumor,? (?:g|grade )[1-3]\\b', 'neuroendocrine tumor'),
      ('\\b(?:(?:treated|previously treated) )?metastatic (?:(?:mucinous|' ~ bowel ~ ') )*(?:adenocarcinoma|carcinoma)(?: (?:of|from) ' ~ bowel ~ ')?,? (?:with|showing) (?:no (?:residual |viable )+tumor(?: cells)?(?: identified)?|complete pathologic(?:al)? response)', 'no residual tumor'),
      ('\\b(?:liver|hepatic|sclerosed|sclerosing|capillary) hemangioma', 'hemangioma'), ('\\bbenign (?:liver|hepatic) (?:tissue|parenchyma)\\b', 'benign'), ('\\bnormal (?:liver|hepatic) (?:tissue|parenchyma)\\b', 'normal liver'), (' به کبد ', ' '),
      ('\\bmetastatic (?:(?:ductal|lobular|serous) )?(?:adenocarcinoma|carcinoma|cancer)[ ,]+(?:(?:consistent with|compatible with|favor|of|from) )*' ~ elsewhere ~ '(?: (?:primary|origin|type|source))?\\b|\\bmetastatic (?:lobular|serous|urothelial|endometrioid) (?:adenocarcinoma|carcinoma)\\b|\\bmetastatic ' ~ elsewhere ~ ' (?:(?:ductal|lobular|serous) )?(?:adenocarcinoma|carcinoma|cancer|ca)\\b', 'metastasis of another primary'),
    ] + colon + [
      ('\\bwith ' ~ change ~ '(?:(?:, and|,| and) ' ~ change ~ ')*', ''), ('\\bwith (?:(?:partial|minimal|minor|major|moderate|poor|no|marked) )(?:(?:treatment|therapy|pathologic|tumor) )*(?:response|regression|effect)\\b', ''), ('^ (?:(?:residual|viable) )+(metastatic|adenocarcinoma)', ' \\1'), ('\\b(?:completely|totally|entirely) necrotic\\b', 'necrotic'), ('\\b(?:complete|total) necrosis\\b', 'necrosis'), ('\\bcomplete (?:(?:tumor|pathologic|pathological) )*(?:regression|response)\\b|^ pcr $', 'complete response'), ('\\batypical cells,? suspicious\\b', 'suspicious'),
      ('\\b(?:secondary|secondaries)\\b', 'metastatic'), ('\\bcolloid carcinoma\\b|\\bmucinous carcinoma\\b', 'mucinous adenocarcinoma'), ('\\bsignet ring(?: cell)?(?: adenocarcinoma| carcinoma)?\\b', 'signet ring cell carcinoma'), ('\\bcombined hcc ?[-/+]? ?(?:icc|cc|cholangiocarcinoma)\\b', 'combined hepatocellular cholangiocarcinoma'), (' ادنوکارسینوم', ' آدنوکارسینوم'), (' هیداتیک ', ' هیداتید '), ('\\b(?:similar|identical) to\\b', 'consistent with'), ('\\b(?:most|best|morphologically|histologically) (consistent|compatible) with\\b', '\\1 with'), ('\\bmetasta(?:sic|tik|stic)\\b', 'metastatic'), ('\\badeno(?:carcinom|carinoma|cacinoma|carcioma|carcnoma)\\b', 'adenocarcinoma'), ('\\bliver cell adenoma\\b', 'hepatocellular adenoma'), ('\\bcca\\b', 'cholangiocarcinoma'), ('\\bneuroendocrine tumor metastasis\\b', 'metastatic neuroendocrine tumor'), (', intestinal type', ''), ('\\bcholangiocarcinoma, intrahepatic\\b', 'intrahepatic cholangiocarcinoma'),
      ('\\badenocarcinoma (?:of ' ~ bowel ~ '(?: origin)?,? metastatic(?: to liver)?|metastatic from ' ~ bowel ~ ')', 'metastatic adenocarcinoma'), ('\\b(?:consistent|compatible) with (?:known|prior|previous|patients) ' ~ bowel ~ '(?: (?:adenocarcinoma|carcinoma|cancer))?', 'consistent with colorectal'), (', ' ~ bowel ~ ' type\\b', ''),
      ('\\bmetastatic crc\\b|\\bmcrc\\b', 'metastatic adenocarcinoma'), (' متاستاز تومور ', ' متاستاز '), (' (?:بافت )?کبد (?:نرمال|طبیعی) ', ' normal liver '),
      ('haemangioma', 'hemangioma'),
      ('\\bcavernous hemangioma|\\bhemangioma, cavernous\\b', 'hemangioma'), (' کارسینوما ', ' کارسینوم '),
      ('\\b(?:adeno carcinoma|adenoca|adeno ca)\\b', 'adenocarcinoma'),
      ('\\b(?:metastases|mets)\\b', 'metastasis'),
      ('\\b(?:well|mod|moderately|poorly)[. ]+diff[.]? ', ''), ('\\b(?:well|moderately|poorly)(?: to (?:moderately|poorly))? differentiated ', ''), (', (?:well|moderately|poorly)(?: to (?:moderately|poorly))? differentiated(?:[(]g[1-4][)])?([,;.])', '\\1'), (',? nos\\b', ''),
      ('\\bno (?:evidence of )?(?:hemangioma|hepatocellular carcinoma|hcc|cholangiocarcinoma|fnh|focal nodular hyperplasia|adenoma|cyst)(?: identified)? ?[;.]', ';'),
      ('\\bwithout (residual|viable)', 'no \\1'),
      ('\\b(?:c/w|compatible with|in keeping with)\\b', 'consistent with'),
      ('\\b' ~ bowel ~ '(?: (?:origin|source|primary))?\\b', 'colorectal'),
      (' ?[/-] ?colorectal\\b', ' colorectal'), (',? ?\\b(?:immunohistochemistry|ihc|immunostains|immunoprofile|clinically|clinical history)(?: (?:supports?|supporting|favors?|confirms?|consistent with|of))* colorectal(?: (?:adenocarcinoma|carcinoma|cancer))?( ?[,;.]| $)', '\\1'), ('\\b(?:hepatic|liver) metastasis\\b', 'metastasis'),
      (' hemangioma of liver ', ' hemangioma '), (' همانژیوم (?:کاورنو|کاورنوس) ', ' همانژیوم '), (' همانژیوم کبد ', ' همانژیوم '), (' با تمایز (?:خوب|متوسط|ضعیف) ', ' '),
      (' (?:آدنوکارسینوم|کارسینوم) متاستاتیک ', ' آدنوکارسینوم متاستاتیک '), (' متاستاز کارسینوم ', ' متاستاز آدنوکارسینوم '),
      ('\\b(?:known|patients|prior|previous) colorectal\\b', 'colorectal'),
      ('\\bcolorectal(?: (?:adenocarcinoma|carcinoma|cancer|tumor))? metastasis\\b|\\bmetastasis (?:from|of) colorectal(?: (?:adenocarcinoma|carcinoma|cancer|primary|tumor))?\\b', 'colorectal metastasis'),
      ('\\bmetastatic colorectal (?:adenocarcinoma|carcinoma|cancer)\\b|\\bmetastatic (?:mucinous |signet ring cell )?(?:adenocarcinoma|carcinoma) (?:consistent with|of|from) colorectal(?: primary)?\\b', 'metastatic colorectal adenocarcinoma'),
      ('\\bconsistent with colorectal(?: primary| metastasis| type)?\\b', 'consistent with colorectal'),
      ('\\b(?:no|absence of|negative for|free of) (?:evidence of )?(?:residual viable|viable residual|residual|viable) (?:adenocarcinoma|carcinoma|cancer|malignancy|malignant|tumor)(?: cells)?(?: identified| present)?\\b', 'no residual tumor'),
      ('\\b(?:(?:necrotic|fibrotic|hyalini[sz]ed|fibronecrotic) )+(?:nodules?|tissue|scar|lesion|tumor|nodule)(?:,| with)? no residual tumor\\b', 'no residual tumor'),
      ('\\bno (?:tumor|malignancy|malignant tumor|tumor cells|malignant cells) (?:identified|present)\\b', 'no evidence of tumor'),
      ('\\b(?:and|with|plus|,) (?:(?:incidental|adjacent|separate|small|benign|incidentally identified) )*(hemangioma|fnh|focal nodular hyperplasia|simple cyst)\\b', '; \\1'),
      (' منش[اأ][ءأ]? ', ' منشا '), (' کارسینومای ', ' کارسینوم '), (' آدنوکارسینومای ', ' آدنوکارسینوم '), (' (?:موسینوس|موسینی) ', ' '), (' باقی مانده ', ' باقیمانده '), (' (?:هیچ )?تومور (?:زنده|باقیمانده)(?: ای)? (?:دیده نشد|ندارد) |(?:فاقد|بدون) تومور (?:زنده|باقیمانده) ', ' تومور باقیمانده دیده نشد '), ('^ (?:فاقد|بدون) تومور $| (?:فاقد|بدون) بدخیمی ', ' بدخیمی دیده نشد '),
      (' (?:کولون|رکتوم|کولورکتال|کولو رکتال|روده بزرگ) ', ' کولورکتال '), (' متاستاز کبدی ', ' متاستاز '), (' (?:کانسر|سرطان) کولورکتال ', ' کولورکتال '), (' کولورکتال متاستاتیک ', ' متاستاز کولورکتال '),
      (' (?:آدنوکارسینوما) ', ' آدنوکارسینوم '),
      (' (?:با|از) (?:منشا )?کولورکتال ', ' کولورکتال '), ('\\b(metastatic adenocarcinoma|adenocarcinoma) کولورکتال ', '\\1 '),
      ('(metastatic|metastasis|متاستاز|متاستاتیک)([^;,.]*) (?:colorectal|کولورکتال)', '\\1\\2'), ('(^|[ ,;])colorectal ([^;,.]*)(metastatic|metastasis)', '\\1\\2\\3'),
    ],
    'organs': [
      ('^ (?:[a-h][.):]|[0-9]{1,2}[ :.-]+|c22[.0-9]*) ?([a-z])', ' \\1'), ('^ c22(?:[.]?[0-9])? $', ' liver '), ('\\bsegs?[.]? ?([1-8iv])|\\bs([1-8])', 'segment \\1\\2'), (' سگمان ', ' سگمنت '), (' ?\\(?station [0-9]+[ab]?\\)?', ''), ('(?: and | و | ?[+&] ?)', '; '),
      ('\\bsegments? ?[1-8iv]+[ab]?(?:(?:,| and|/|-) ?[1-8iv]+[ab]?)*', 'segment'),
      ('\\bgallbladder[ ,:]+cholecystectomy', 'gallbladder'), ('\\b(?:porta hepatis|(?:common )?hepatic (?:hilum|hilar|artery|pedicle))[ ,]+(lymph|nodes?|lns?)\\b', '\\1'), ('\\b((?:lymph )?nodes?|lns?)[ ,]+hepatic artery\\b', '\\1'),
      ('\\b(?:of|from) (?:liver|hepatic)\\b', 'of liver'),
      ('\\b(?:right|left) (?:anterior|posterior|lateral|medial) (?:section|segment)\\b', 'segment'), ('\\b(?:right|left|caudate) hepatic lobe\\b|^ (?:colorectal )?(?:hepatic|liver) metastas[ei]s $', 'liver'), ('\\b(?:left (?:lateral|medial) (?:segmentectomy|sectionectomy)|right (?:anterior|posterior) sectionectomy)\\b', 'hepatectomy'),
      ('\\b(?:metastasectomy|wedge resection|resection|biopsy|wedge) of liver\\b', 'liver'),
      ('\\b(?:(?:right|left|caudate) lobe|segment)(?: of liver)\\b', 'liver'),
      ('\\bliver[ ,:]+(?:(?:right|left|caudate) lobe|segment|(?:right|left|partial|extended right|extended left) (?:hepatectomy|lobectomy)|wedge(?: resection| biopsy)?|resection|biopsy|metastasectomy|segmentectomy|tissue|tumor|mass|lesion|metastasis)(?: (?:resection|biopsy|excision))?( ?[;.,]|$| $)', 'liver\\1'),
      ('\\bhepatic (?:resection specimen|segment|parenchyma|tissue|resection)\\b', 'liver'),
      ('\\b(?:ascending|transverse|descending|sigmoid|right|left) colon\\b', 'colon'),
      (' کولون (?:سیگموئید|صعودی|نزولی|عرضی) ', ' کولون '), (' (?:قطعه|قطعاتی از|نمونه) (?:کبد|هپاتکتومی) ', ' کبد '), (' کبد (?:راست|چپ) ', ' کبد '),
      (' کبد[ ,;:]+(?:لوب راست|لوب چپ|سگمنت [1-8]) ', ' کبد '),
      (' (?:لوب راست|لوب چپ|سگمنت [1-8]|بافت|نمونه) کبد ', ' کبد '),
    ],
    'regression_phrases': [
      ('\\b(?:modified )?ryan ?\\(cap\\)|\\bcap ?\\((?:modified )?ryan\\)', 'ryan'), ('^ minimal (?:tumor )?regression ', ' minimal response '), ('\\btreatment effect(?: ?: ?| )(?:not identified|absent)', 'no response'), ('\\btreatment effect(?: ?: ?| )(?:present|identified) ?[(,-] ?|\\btreatment effect ?[(:,-] ?', ''),
      ('^ (?:(?:present|absent|with|residual|cancer|showing|identified|tumor|regression|but|more|than|single|cells|or|rare|small|groups|of|extensive|and|no|viable)[ ,;:/-]*)*\\((near )?(complete|partial|poor or no) response, (?:score|grade) ([0-3])\\)', ' ryan \\3; \\1\\2 response'),
      ('\\btreatment effect(?: ?: ?| )(?:present|identified) $', 'present '), ('\\bno (?:known )?(?:presurgical|neoadjuvant|preoperative) (?:therapy|treatment|chemotherapy)(?: given)?\\b', 'no neoadjuvant therapy'), ('^ cpr ', ' pcr '), (' پارشیال ', ' نسبی '), (' پسرفت ', ' رگرسیون '), (' پاسخ متوسط ', ' پاسخ نسبی '), (' پاسخ نداده ', ' بدون پاسخ '), (' (?:بدون|فاقد) تومور (?:زنده|باقیمانده) | تومور (?:زنده|باقیمانده) دیده نشد ', ' no residual tumor '),
      (' (?:trg|score|grade) ?([0-5]) ?\\((?:(?:near )?complete|partial|poor or no) response\\)[, ]+(' ~ scale ~ '|modified ryan) ', ' \\2 \\1 '),
      ('\\bpathological\\b', 'pathologic'), ('\\b(no|complete|partial|poor|minimal) tumor (regression|response)\\b', '\\1 \\2'),
      ('\\b(?:tumor )?(?:regression|response)(?: ?: ?| )(?:none|absent)\\b', 'no response'), (' به (?:شیمی ?درمانی|درمان)($| |:)', '\\1'),
      (' (?:مندارد|ماندارد) ', ' mandard '), (' (?:دوراک|دورک|دووراک) ', ' dworak '), (' بکر ', ' becker '), (' رایان ', ' ryan '), (' روبیا ?برانت ', ' rubbia brandt '),
      (' (mandard|rubbia brandt):? (?:trg )?([1-5]) ?/ ?5 ', ' \\1 \\2 '), (' ([1-5]) ?/ ?5 ([(]?(?:mandard|rubbia brandt)[)]?)', ' \\1 \\2'), (' (major|minor|complete) (?:response )?[(]blazer[)]', ' \\1 '),
      ('\\b((?:near )?complete|partial|poor or no) response *: *', '\\1 response; '),
      ('\\b(response|regression) to (?:(?:neoadjuvant|preoperative) )?(?:therapy|treatment|chemotherapy)\\b', '\\1'), (' پاسخ پاتولوژیک (کامل|نسبی|ضعیف) ', ' پاسخ \\1 '),
      ('\\brubbia brandt et al\\b', 'rubbia brandt'), ('\\br(?:ö|oe)del\\b', 'rodel'), ('\\bmodified ryan\\b', 'ryan'),
      ('\\b(complete|partial|poor|major|minor|minimal) pathologic (response|regression)\\b', '\\1 \\2'), ('\\bpathologic (complete|partial|poor|major|minor|minimal) response\\b', '\\1 response'),
      (' (پاسخ|رگرسیون) (کامل|نسبی|ضعیف) (?:پاتولوژیک|به درمان) ', ' \\1 \\2 '), (' عدم پاسخ(?: به درمان)? ', ' بدون پاسخ '),
      ('\\b(?:regression|response) of ([0-9])', 'regression \\1'),
      ('\\bryan (?:scheme|system|classification)[: ]+', 'ryan '), ('\\bpoor or no response\\b', 'poor response'),
      (' بدون پاسخ به درمان ', ' بدون پاسخ '), (' رگرسیون (کامل|نسبی|ضعیف) ', ' پاسخ \\1 '),
      ('\\btrg([0-9])', 'trg \\1'),
      ('\\b(?:(?:tumor )?regression (?:grade|score)|trg(?: grade| score)?|grade|score)\\b', 'trg'), (' درجه ', ' trg '),
      (' trg ?[:=-] ?', ' trg '), ('\\b([0-4])/4 ?([(]?(?:dworak|rodel)[)]?)', '\\1 \\2'), (' پاسخ ?: ', ' پاسخ '),
      (' (trg|' ~ scale ~ ') iii ', ' \\1 3 '), (' (trg|' ~ scale ~ ') ii ', ' \\1 2 '), (' (trg|' ~ scale ~ ') iv ', ' \\1 4 '),
      (' (trg|' ~ scale ~ ') v ', ' \\1 5 '), (' (trg|' ~ scale ~ ') i ', ' \\1 1 '),
      (' (?:trg )?[(]?(' ~ scale ~ ')[)]?[:, ]+(?:trg )?([0-5][ab]?) ', ' \\1 \\2 '),
      (' (?:trg )?([0-5][ab]?),? [(]?(?:according to |by |per )?(' ~ scale ~ ')[)]? ', ' \\2 \\1 '),
      (' (?:trg )?(mandard|rubbia brandt|dworak|rodel)[:, ]+(?:trg )?2[-/]3 ', ' \\1 2 '),
      (' (?:trg )?(mandard|rubbia brandt)[:, ]+(?:trg )?4[-/]5 ', ' \\1 4 '),
      (' (?:trg )?(dworak|rodel)[:, ]+(?:trg )?0[-/]1 ', ' \\1 0 '),
      (' (?:trg )?(cap|ryan)[:, ]+(?:trg )?1[-/]2 ', ' \\1 1 '),
      (' blazer:? (major|minor|complete) ', ' \\1 '),
    ],
    'count_words': count + [
      (' # of ', ' number of '), (' only ', ' '), (' nos[.]? ', ' lesions '), (' ?\\(specify[a-z ]*\\)', ''), ('\\b(?:uncountable|too (?:many|numerous) to count|tntc)\\b', 'innumerable'), ('\\b(?:liver|hepatic|colorectal|metastatic|bilobar|small|tiny) ', ''), (' واحد ', ' منفرد '), ('([0-9]) (?:separate|distinct|discrete) ', '\\1 '), (' (?:در|داخل) کبد $', ' '), ('\\bmultifocal ?[(:,-]? ?([0-9]+) ?[)]? $', ' \\1 '),
      ('\\b(?:nodules?|lesions?|metastas[ei]s|mets?|tumors?|mass|masses|deposits?|foci|focus|sites?)\\b', 'lesions'), ('^ ([0-9]+)(?: lesions)? in (?:total|number) $', ' \\1 '), ('\\b(single|solitary) [0-9.]+(?: ?x ?[0-9.]+)* ?(?:cm|mm) lesions ', '\\1 lesions '), ('\\blesions of (?:adenocarcinoma|carcinoma|tumor)\\b', 'lesions'), ('^ (?:total )?(?:lesions )?(?:count|number|total)(?: ?[:=] ?| )([0-9])', ' \\1'), ('^ 1 ?\\((?:single|solitary|unifocal)\\) $', ' 1 '), ('^ ([2-9]|[1-9][0-9]) ?\\((?:multiple|multifocal)\\) $', ' \\1 '), ('^ ([0-9]+) (?:تا|مورد) $', ' \\1 '),
      (' (?:ندول|ضایعه|توده|متاستاز|کانون) ?(?:های|ها) ', ' lesions '), (' کبدی ', ' '), ('\\bfewer than\\b', 'less than'),
      (' (?:عدد )?(?:ندول|ضایعه|ضایعات|توده|متاستاز|کانون|عدد)(?: متاستاتیک| تومورال)? ', ' lesions '),
      (' (?:lesions )+', ' lesions '), (' (?:lesions |متاستاتیک )+', ' lesions '),
      (' تعداد (?:کل )?lesions ?:? ?', ' '), (' تعداد (?:کل )?(?:ضایعات|ضایعه|ندول ها|ندول|تومورها|متاستازها)(?: متاستاتیک)? ?:? ?', ' '), ('^ x ?([0-9]+) $', ' \\1 '), ('^ ([0-9]+) or ([0-9]+)(?: lesions)? $', ' \\1 - \\2 '), (' (?:چندگانه|مولتیپل|چندتایی) ', ' متعدد '), ('\\bunifocal \\(?(?:single|solitary)\\)?', 'single'),
      ('\\b(?:number|no\\.?|count|total) of (?:lesions[:= ]+)?', ''), (' n ?= ?', ' '), (' تعداد ?:? ?', ' '), (' lesions identified ', ' lesions '), (' lesions x ', ' lesions '),
      ('\\b(?:tumor |lesions )?focality ?:? ', ''),
      ('^ ([^ ]+(?: lesions)?) in (?:right lobe|left lobe|both lobes) ?$', ' \\1 '), (' lesions[,;:] ?(\\(?(?:in )?(?:segments?|segs?|s[1-8]))', ' lesions \\1'), ('^ ([^ ,;]+(?: lesions)?)(?: - ?| )?\\(?(?:in )?(?:(?:segments?|segs?)[. ]* ?[1-8iv]+[ab]?(?:(?: and |, ?|/| & )(?:(?:segments?|segs?)[. ]*)?[1-8iv]+[ab]?)*|s[1-8][ab]?(?:(?: and |, ?|/| & )s[1-8][ab]?)*)\\)? ?$', ' \\1 '), ('\\b(lesions|single|solitary)(?: ?[;:(] ?|, )(?:measuring )?[0-9.]+(?:(?:[ ,;x&]|cm|mm|and)+[0-9.]+)* ?(?:cm|mm)(?: each)?[.)]? $', '\\1 '),
      ('^ ([^ ]+(?: lesions)?) (?:در|از) لوب (?:راست|چپ) $', ' \\1 '),
      (' *[,;(] ?(?:largest|greatest|biggest|measuring|ranging)[a-z ]*[0-9][0-9.x -]*(?:cm|mm)[). ]*$', ' '),
      ('\\b(?:multiple|numerous|several|متعدد)(?: lesions)? ?[(:,-]? ?((?:at least |>=? ?)?[0-9]+)(?: lesions)? ?[)]? $', ' \\1 '),
      (' (multiple|several|numerous|many|innumerable|single|solitary|متعدد|چندین|منفرد|تک) lesions ', ' \\1 '), (' متعدد ?[(:,-]? ?([0-9]+)(?: lesions)? ?[)]? $', ' \\1 '), (' 1 (?:lesions )?منفرد ', ' 1 '), (' lesions (multiple|single|solitary|متعدد|چندین|منفرد|تک) ', ' \\1 '),
    ],
  }) }}
{%- endmacro %}
