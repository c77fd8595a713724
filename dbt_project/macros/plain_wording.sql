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
    ('(^|[ (])\\+ ?ve\\b', '\\1positive'), ('(^|[ (])- ?ve\\b', '\\1negative'),
    ('\\bthere (?:is|are|was|were) ', ''), ('\\b(?:is|are|was|were|be|been|being|has|have) ', ''),
    ('favour', 'favor'), ('(^|[^\\p{L}])نگاتیو($|[^\\p{L}])', '\\1منفی\\2'), ('(^|[^\\p{L}])پوزیتیو($|[^\\p{L}])', '\\1مثبت\\2'),
    ('\\b(?:can not|can.?t|couldn.t|could not|unable to) ', 'cannot '), (' (?:in|on) (?:these |submitted |available )?(?:sections?|slides?|material|levels?)(?: (?:examined|studied|submitted|reviewed|available|received|seen))?($|[,;.])', '\\1'),
    ('\\bcannot ' ~ assess ~ '\\b|\\bnot (?:assessable|evaluable|gradable|determinable|measurable)\\b|\\bun(?:assessable|evaluable)\\b', 'not assessable'),
    ('\\bcannot (?:exclude|rule out|ruled out)\\b', 'cannot excluded'),
    ('\\b(not assessable)(?: grade| margins?| regression| response)?[ ,(-]+(?:due to|because of|owing to|secondary to|in view of|given|after|following|post) [^;,.]*', '\\1'),
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

{#- The terms of each code list, or of `lists` alone: a query takes long to plan by the patterns in it. `text` has passed
    through plain_words. A text of which nothing is left stays as it was. -#}
{% macro plain_terms(text, vocabulary, lists=none) -%}
  {%- set alike = [] -%}
  {%- for list, patterns in (term_patterns().items() | list) + (operation_term_patterns().items() | list) if lists is none or list in lists -%}
    {%- if alike and alike[-1][1] == patterns -%}{%- do alike[-1][0].append(list) -%}{%- else -%}{%- do alike.append(([list], patterns)) -%}{%- endif -%}
  {%- endfor -%}
  coalesce(nullif(trim(case
    {% for of_lists, patterns in alike %}
    when {{ our_list(vocabulary) }} in ('{{ of_lists | join("', '") }}') then trim(regexp_replace({{ replace_patterns("' ' || " ~ text ~ " || ' '", patterns) }}, ' +', ' ', 'g'))
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
    ('\\b(?:d2[ -]?40|podoplanin|cd ?3[14]|evg|elastin)(?: (?:stain|immunostain|staining))?[ :,-]+', ''), ('^ (positive|negative) ([a-z]+ invasion) $', ' \\2 \\1 '),
    ('\\b(present|identified|positive) (?:focally |only )?(?:in|within|at) (?:(?:multiple|several|many|few|rare|scattered|occasional|single|one|two|three|focal|small) )+(?:foci|focus|areas?|sites?|places?|spaces?|vessels?|channels?|sections?|slides?)\\b', '\\1'),
    ('\\b(suspicious|possible|equivocal|probable),? but not (?:definite|definitive|diagnostic|conclusive|certain)\\b', '\\1'),
    ('\\b(large vessels?|venous|vein|vascular) (invasion|involvement)[ ,]+\\(?(?:in|of|involving )?(?:(?:portal|hepatic|central|lobar|branch(?:es)?|of|tributary|tributaries) ?)*(?:veins?|vein branch(?:es)?|triads?)(?: branch(?:es)?)?\\)?', '\\1 \\2'),
    ('\\btumor (?:emboli|embolus|embolism|thromb(?:us|i|osis)|cells|plugs?|nests) (?:present |identified )?(?:in|within|of|involving) (?:(?:small|large|intrahepatic) )?(?:(?:portal|hepatic|central) )*(?:veins?|venous)(?: (?:branch(?:es)?|radicles|tributar(?:y|ies)|lumens?|spaces?))?\\b', 'venous invasion'),
    (' (?:آمبولی|آمبول|آمبولیسم|ترومبوز|ترومبوس|لخته) (?:تومورال|توموری|تومور)(?: (?:در|داخل) (?:عروق|رگ|رگ ها|رگ های خونی))? ', ' تهاجم عروقی '),
    (' \\(?(?:h ?& ?e|h and e|he stain|on h ?& ?e)\\)? $', ' '), ('\\blv invasion\\b', 'lymphovascular invasion'), ('\\bintravascular (?:tumor|growth|invasion)(?: (?:emboli|embolus|cells|thromb(?:us|i)))?\\b', 'vascular invasion'), ('\\b(?:portal|hepatic|central) vein(?: branch(?:es)?)? (invasion|tumor thromb(?:us|i|osis))\\b', 'venous invasion'), ('\\b(?:lymphatics|lymphatic (?:vessels|channels|spaces)) (involved|invaded|positive)\\b', 'lymphatic invasion present'), ('^ (present|identified|positive) ?[(,:-]+ ?(?:focal|focally|extensive|multifocal|single focus|multiple foci|rare)\\)? $', ' \\1 '), (' (مثبت|دارد|دیده شد) ?[(،,-]+ ?(?:کانونی|فوکال|منتشر|وسیع)[ )]*$', ' \\1 '),
    ('\\binvasion conspicuous\\b', 'invasion present'), ('^ پری ?نورال ', ' تهاجم پری نورال '), (' (?:ورید|وریدهای) (?:پورت|باب|کبدی) (?:درگیر|مثبت) ', ' تهاجم وریدی دارد '), (' (?:ورید|وریدهای) (?:پورت|باب|کبدی) (?:درگیر نیست|آزاد|سالم) ', ' تهاجم وریدی ندارد '), (' تهاجم (?:به )?(?:عروق و اعصاب|اعصاب و عروق) ', ' lymphovascular and perineural invasion '),
    ('^ present[ ,(]+large vessels?[ ,]+(?:venous|vein)\\)? ', ' venous invasion present '), ('^ (?:(?:tumor|intralymphatic|lymphatic|malignant) )+(?:emboli|embolus|thrombi|thrombus)(?: (present|identified|absent|not identified))? $', ' vascular invasion \\1 '),
    ('^ negative (lvi|pni|lvsi) $', ' \\1 absent '), ('\\b(?:presence of )?(?:tumor|vascular|intravascular|carcinomatous) emboli(?: (present|identified|not identified|absent))? (?:in|within) (?:blood )?vessels\\b', 'vascular invasion \\1'), ('\\b(?:presence of )?(?:tumor|vascular|intravascular|carcinomatous) emboli( present| identified| not identified| absent)? $', 'vascular invasion\\1 '), (' (?:آمبولی|آمبول) (?:عروقی|لنفوواسکولار|رگی) ', ' تهاجم عروقی '),
    ('\\b(lymphatic invasion [^;,.]*[;,.] ?)vascular invasion\\b', '\\1venous invasion'), ('\\bvascular invasion ([^;,.]*[;,.] ?lymphatic invasion)\\b', 'venous invasion \\1'),
    ('\\bportal venous\\b', 'portal vein'), ('\\blarge vessel venous\\b', 'venous'), ('\\binvasion (intramural|extramural)\\b', 'invasion'), ('\\b(?:intramural|extramural) (?:venous|vascular)\\b', 'venous'),
    (' present[ ,]+\\(?(?:in )?(?:portal|hepatic) vein(?: branch(?:es)?)?\\)?', ' venous invasion present'),
    ('\\bpn1[ab]\\b', 'pn1'), ('\\btumor thromb(?:us|i|osis) in (?:portal|hepatic) vein\\b', 'venous invasion'),
    ('^ (present|absent|identified|not identified)[ ,:(-]+small vessels?(?: \\(l\\))?\\)? ?$', ' lymphatic invasion \\1 '),
    ('^ (present|absent|identified|not identified)[ ,:(-]+large vessels?(?: \\(v\\))?\\)? ?$', ' venous invasion \\1 '),
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
    (' (present|identified) (?:focal|focally|extensive|multifocal) $', ' \\1 '),
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
  {%- set size = '(?: ?[(]?(?:\\b(?:largest|greatest|dimension|diameter|size|in|of|measuring|measures|up to|each|nodule|lesion|tumor)[: ]+)*' ~ length ~ '(?:(?: ?x ?|,? and |[/-])' ~ length ~ ')* ?(?:cm|mm)(?: in (?:greatest |largest )?(?:dimension|diameter))?[)]?)' -%}
  {%- set aside_words = '(?:[ :/=<>(]+(?:surgical|resection|parenchymal|all|both|closest|nearest|status|distance|free|clear|negative|positive|involved|uninvolved|not|no|present|absent|identified|involvement|of|in|by|for|from|at|with|or|and|tumor|background|surrounding|adjacent|liver|hepatic|parenchyma|mild|moderate|severe|minimal|significant|macrovesicular|partial|minor|major|[0-9.]*[0-9] ?%?|r[0-2]|l[01x]|v[012x]|pn[01x]|mm|cm|margins?|lvi|pni|(?:lymphovascular|perineural|vascular)(?: invasion)?|steatosis)[)]?)' -%}
  {%- set aside_nouns = '(?:[ :/=<>(]+(?:margins?|r[0-2]|l[01x]|v[012x]|pn[01x]|lvi|pni|(?:lymphovascular|perineural|vascular) invasion|steatosis|unremarkable|response|trg ?[0-5]|necrosis [0-9]+ ?%|see (?:comment|note))[)]?)' -%}
  {%- set other_field = '(?:[,;.]| with)(?:' ~ size ~ '|' ~ aside_words ~ '*' ~ aside_nouns ~ aside_words ~ '*)([,;.]| $)' -%}
  {%- set change = '(?:(?:extensive|focal|marked|abundant|prominent|tumor|treatment|therapy|chemotherapy|post treatment) )*(?:necrosis|fibrosis|calcifications?|mucin(?: production)?|effects?|changes?|mucinous (?:features|component|differentiation|areas))\\b' -%}
  {%- set stains = 'ck ?7|ck ?20|cdx ?-?2|satb ?2|cea|cytokeratin 7|cytokeratin 20' -%}
  {%- set elsewhere = '(?:pancrea(?:s|tic)|gastric|stomach|lung|pulmonary|breast|mammary|ovar(?:y|ian)|renal|kidney|prostat(?:e|ic)|biliary|pancreatobiliary|esophag(?:us|eal)|endometri(?:um|al)|bladder|urothelial|thyroid|appendix|appendiceal)' -%}
  {{ return({
    'lymphovascular_phrases': invasion, 'lymphatic_phrases': invasion, 'venous_phrases': invasion, 'perineural_phrases': invasion,
    'margin_phrases': mm + [
      (' ([0-9.,]+ ?(?:میلی ?متر|سانتی ?متر)) (?:فاصله )?(?:دارد|فاصله دارد) $', ' \\1 '), ('\\bpos[.]? ', 'positive '), ('\\bneg[.]? ', 'negative '), ('\\b(margins?) ?[+] $', '\\1 positive '), ('\\b(margins?) ?- $', '\\1 negative '), ('\\btumor (?:focally|microscopically) ', 'tumor '), ('\\b(tumor (?:present )?(?:at|on)) (?:(?:cauteri[sz]ed|resection|surgical|transection|parenchymal|cut|inked) )+(?:edge|surface|line|plane)\\b', '\\1 margin'), ('^ ink (negative|positive) ', ' \\1 '), ('^ درگیری (?:در )?(?:حاشیه|مارژین)(?: جراحی)? $', ' درگیر '), (' حاشیه(?: های| ی)? (?:(?:پارانشیم|پارانشیمی|کبد|کبدی|جراحی|رزکسیون|برش) )+', ' حاشیه '),
      ('\\btumor (?:present|identified|located|approaches|seen|extends to|comes to|comes) ([0-9.,]+ ?(?:mm|cm)) (?:from|of|away from) ', 'tumor \\1 from '), ('^ (?:excision|resection) r0 ', ' r0 '), ('\\b(closest|nearest|narrowest) margin (?:parenchymal|hepatic|liver)(?: (?:margin|one))?(?: at)?', 'margin'), ('\\b(r0|r1) with (?:(?:closest|minimum) )?(?:margin of )?([0-9.,]+ ?(?:mm|cm))(?: margin| clearance)?', '\\1; \\2'), ('^ ((?:all |both )?(?:(?:resection|surgical|parenchymal|excision|transection) )*margins? [a-z ]*)[,;] (?:closest|nearest|narrowest|minimum) (?:one |being |margin )?(?:at |by |of |to )?([0-9.,]+ ?(?:mm|cm))', ' \\1; \\2'), ('\\b(margins?) (?:measures?|measuring|width|clearance) ', '\\1 '), (' لبه ?(?:های|ها|ی)? ?(?:برش|جراحی|رزکسیون|برش جراحی) ', ' حاشیه '),
      ('\\b(?:lesion|deposit|nodule|mass|metastasis|metastatic deposit) (reaches|extends|present|involves|touches|abuts|at|on|within|transected)\\b', 'tumor \\1'),
      ('\\b(?:macroscopic(?:ally)?|gross(?:ly)?) incomplete(?:ly)?(?: (?:resection|resected|excision|excised))?\\b', 'r2'), ('\\bmicroscopic(?:ally)? incomplete(?:ly)?(?: (?:resection|resected|excision|excised))?\\b', 'r1'),
      ('\\b(?:incompletely (?:excised|resected)|incomplete (?:excision|resection))\\b', 'involved'), ('\\b(?:completely excised|complete excision|excision complete)\\b', 'negative'), ('\\bexcision incomplete\\b', 'involved'),
      ('\\b(?:cauteri[sz]ed|diathermied|stapled|true|final) ((?:(?:surgical|resection|parenchymal|hepatic|liver|transection|inked|cut) )*(?:margins?|edges?|surface|line))', '\\1'),
      ('\\br1(?: resection)? (?:at|along|on|from|to|due to) (?:(?:hepatic|portal|right|middle|left|main) )*(?:veins?|pedicles?|vessels?)\\b', 'r1 vascular'),
      ('\\bmargins? involvement(?: (?:by|with) [a-z]+(?: cells)?)? (?:not identified|absent|not present)', 'uninvolved'),
      (' ?= ?(\\p{L})', ' \\1'), ('\\b(?:negative|free|clear) ?[(/] ?r0\\)?', 'r0'), ('\\b(?:positive|involved) ?/ ?r1\\b', 'r1'),
      ('\\(\\+\\)|^ [+] $', ' positive '), ('\\(-\\)', ' negative '), (' s[.]?m[.]? (free|clear|negative|positive|involved)', ' margin \\1'), (' فری ', ' آزاد '), ('\\bmargins? (آزاد|درگیر|منفی|مثبت)', 'حاشیه \\1'), (' (?:حاشیه|مارژین|مارجین)(?: ?ها)?(?: جراحی)? (free|clear|negative|positive|involved)\\b', ' margin \\1'),
      ('\\bwidely (free|clear|negative)\\b', '\\1'), ('\\b(?:one|1) margin (positive|involved)\\b', '\\1'), ('\\brx ?[(,:-] ?not assessable\\)?', 'rx'), (' doubtful ', ' equivocal '), ('\\bundetermined\\b', 'not assessable'),
      ('\\bmicroscopic(?:ally)? (?:margin )?(positive|involved|involvement|negative|free|clear|uninvolved)\\b', '\\1'), ('\\b(?:macroscopic(?:ally)?|gross(?:ly)?) (?:margin )?(?:positive|involved|involvement)\\b', 'r2'),
      ('\\bwith (?:(?:closest|minimum|minimal) )?(?:(?:distance|clearance|margin) (?:of )?)?([0-9.,]+ ?(?:mm|cm))(?: (?:margin|clearance))?\\b', '; \\1'), (' عاری (?:از )?درگیری ', ' عاری '), ('^ zero ', ' 0 mm '), (' نیم سانت', ' 0.5 سانت'),
      ('\\br0 ?[(/,:-] ?(?:complete resection|microscopically (?:negative|free)|no residual tumor|(?:negative|free|clear)(?: margins?)?)\\)?', 'r0'),
      ('\\br1 ?[(] ?vascular(?: margins?)?[)]', 'r1 vascular'), ('\\br1 ?[(/,:-]? ?(?:microscopic(?:ally)?(?: positive| involved| involvement| residual(?: tumor| disease)?)?|(?:margins? )?(?:positive|involved))\\)?', 'r1'),
      ('\\br2 ?[(,:-]? ?(?:macroscopic(?:ally)?|gross(?:ly)?)(?: positive| involved| involvement| residual(?: tumor| disease)?)?\\)?', 'r2'),
      (' (positive|involved) ?\\((?:focal|focally)\\)', ' \\1'),
      ('\\b([0-9.,]+ ?(?:mm|cm)) (clear|free)(?: (?:of|from) (?:(?:closest|nearest|surgical|resection|parenchymal|hepatic|liver|transection|cut) )*(?:margins?|edge|tumor))?', '\\1; \\2'), ('\\btumor ([0-9.,]+ ?(?:mm|cm); clear)', '\\1'), ('\\btumor clear (?:of|from) margins? by ', 'clear; '), ('^ [0-9] ?[:.-] ?(r ?[0-2x])\\b', ' \\1'),
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
      ('\\br1 ?[(/,:-]? ?vascular(?: margins?)?\\)?', 'r1 vascular'),
      (' (?:غیر درگیر|درگیر نیست|بدون درگیری|فاقد درگیری|عدم درگیری) ', ' درگیر نیست '),
      (' (?:فاقد|بدون) (?:سلول های )?(?:تومورال|تومور|بدخیمی) ', ' عاری '), (' (عاری|آزاد|درگیر|فاقد درگیری)(?: از| با)? (?:سلول های )?(?:تومورال|تومور|بدخیمی) ', ' \\1 '),
    ],
    'tumor_grades': [('^ (?:this|it|(?:sections?|tumor|lesion|specimen|histology|microscopy) (?:shows?|represents?|demonstrates?)) ', ' '), ('\\b(g[1-4]|[1-4]) [(]?(با تمایز|تمایز)', '\\1; \\2'), ('([0-9x]) *: *', '\\1; ')] + colon + [
      ('[ ,;(]+(?:who|ajcc|cap)(?: (?:grade|grading|classification|criteria))?(?: 20[0-2][0-9])?\\)?( ?[,;.]| $)', '\\1'), (' (?:grade|گرید|درجه) ?([1-3]|i{1,3}) ?(?:of|out of|از) ?(?:3|iii)\\b', ' \\1'), ('^ ([1-3]|i{1,3}) ?(?:of|out of|از) ?(?:3|iii) $', ' \\1 '), ('\\b(?:grade )?3 ?/ ?3\\b', '3'), ('\\b(?:grade )?1 ?/ ?3\\b', '1'),
      ('\\bg([1-3]) ?/ ?([2-4])\\b', 'g\\1; g\\2'), ('\\bundiff\\b[.]?', 'undifferentiated'), ('\\bintermed[.]? ', 'intermediate '), ('\\b(high|low|intermediate) gr\\b[.]?', '\\1 grade'), ('[ ,(]+post (?:therapy|treatment|chemotherapy|chemo|neoadjuvant(?: therapy)?)\\)?', ''), ('\\b(i{1,3}|iv) - ', '\\1; '), ('^ (i|ii) (ii|iii) $', ' \\1; \\2 '), (' g ?([1-4]) (well|moderate|poor)', ' \\1; \\2'), ('\\b(?:gr|grd)[. ]+([1-4]|i{1,3}|iv)\\b', 'grade \\1'), ('\\bgrade (?:one)\\b', 'grade 1'), ('\\bgrade (?:two)\\b', 'grade 2'), ('\\bgrade (?:three)\\b', 'grade 3'),
      ('\\b(?:grade|differentiation) not assessable\\b|\\bnot assessable (?:grade|differentiation)\\b', 'not assessable'), ('\\b(?:ungraded|not graded)\\b', 'not assessable'),
      ('\\bwith (?:(?:extensive|focal|abundant|marked|prominent) )*(?:signet ring(?: cells?)?|mucinous|micropapillary|papillary|cribriform)(?: (?:features?|components?|differentiation|areas?|morphology|pattern))?\\b', ''),
      (' متمایز ', ' تمایز '), (' تمایزنیافته ', ' تمایز نیافته '), (' (?:درجه|گرید) (i{1,3}|iv) ', ' \\1 '), ('^ تومور ', ' '),
      ('\\bwith (?:(?:extensive|focal|abundant|marked|prominent|dirty|central|geographic|tumor|areas of) )*(?:necrosis|mucin(?: production)?|mucinous (?:component|features|areas))\\b', ''), ('\\b([1-3]) of 3\\b', '\\1'), (',? nos\\b', ''),
      ('\\b(?:histologic|histological|tumor) grade\\b', 'grade'),
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
      ('^ mod[.]? ', ' moderate '), ('^ sev[.]? ', ' severe '), ('\\bgrade ([0-3]) (?:of|out of) 3\\b', 'grade \\1'), ('\\bmacro steatosis\\b', 'macrosteatosis'), (' چربی (ندارد|دیده نشد) ', ' \\1 '), (' ماکرو ?و?ی?زیکولا?ر ', ' '), (' (?:دارای|حاوی|با) (استئاتوز|استاتوز|تغییرات چربی)', ' \\1'),
      ('\\b(?:in|of) (?:background|surrounding|adjacent|uninvolved|non ?neoplastic|non ?tumoral)(?: liver| hepatic)?(?: parenchyma| tissue)? $', ' '), ('\\bno (?:significant|appreciable) steatosis (?:or|nor|and) (?:fibrosis|inflammation|cirrhosis|steatohepatitis)', 'no steatosis'),      ('\\b(?:mixed )?(?:micro(?:vesicular)?-? ?(?:and|/|&|[+]) ?macrovesicular|macro(?:vesicular)?-? ?(?:and|/|&|[+]) ?microvesicular)\\b', 'macrovesicular'), ('^ s([0-3])([ ,;(])', ' grade \\1\\2'),
      ('\\b(?:patchy|focal|focally|diffuse|zonal|zone [123]|centrilobular|pericentral|perivenular|periportal|panlobular|azonal|large droplet|predominantly|mainly|mostly|background) (.*(?:steatosis|fat|fatty|macrovesicular|mild|moderate|severe|[0-9] ?%))', '\\1'), ('\\b(?:predominantly|mainly|mostly) macrovesicular\\b', 'macrovesicular'),
      ('\\bfatty liver\\b|\\bverfettung\\b', 'steatosis'), ('\\b(minimal|negligible|trivial|trace|insignificant|mild|slight|moderate|severe|marked) fat\\b', '\\1 steatosis'), ('\\b(steatosis|fatty change) ?- ?', '\\1 '), (' (?:از |در )?(?:هپاتوسیت ?ها(?:ی کبدی)?|سلول ?های کبدی|سلول ?های کبد) ', ' '), (' در (حدود|حدودا|تقریبا) ', ' \\1 '), ('\\b(?:percent|pct)\\b', '%'), ('([0-9] ?%) fat\\b', '\\1 steatosis'), (' ?\\(brunt\\)', ''),
      ('^ [0-3] - ?([a-z])', ' \\1'),
      ('\\bkleiner(?: grade| score)? ([0-9])', 'grade \\1'),
      ('\\b(?:nas|nafld activity score)[ ,]+steatosis\\b', 'steatosis'), ('\\bgrade ([0-3])/3\\b', 'grade \\1'), 
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
      (' (?:در )?(?:بافت |پارانشیم )?(?:زمینه ای|زمینه|اطراف|مجاور) (?:کبد|کبدی)(?: (?:اطراف|مجاور))? ', ' '), (' (?:در )?(?:بافت |پارانشیم )?(?:کبد|کبدی) (?:اطراف تومور|اطراف|زمینه ای|زمینه|مجاور|غیر ?تومورال) ', ' '), (' (?:در )?(?:بافت|پارانشیم|کبد) (?:زمینه ای|غیر ?تومورال|کبد|کبدی|اطراف تومور|اطراف) ', ' '), (' کبد چرب ', ' استئاتوز '),
      (' ماکرو ?وی?زیکولا?ر ', ' '), (' (?:درجه|گرید) ([0-3]) ', ' grade \\1 '), (' استئاتوز grade ', ' grade '),
      (' (?:استئاتوزیس|استاتوز|تغییرات چربی|تغییر چربی) ', ' استئاتوز '),
      (' استئاتوز (خفیف|متوسط|شدید|دیده نشد|ندارد|منفی) ', ' \\1 '),
      (' (?:بدون|فاقد|عدم) استئاتوز ', ' ندارد '),
    ],
    'histologies': [
      (' (?:metástasis|metastasi|metastaz[iı]?)([ ,;.])', ' metastasis\\1'), ('\\bepatic[ah]e?\\b', 'hepatic'), ('\\b(?:da|del|della|di) ', 'of '), ('\\bkolon\\b', 'colon'),
      ('\\bmets\\b', 'metastasis'), (' met (from|of|to|in)\\b', ' metastasis \\1'), (' met( ?[,;.]| $)', ' metastasis\\1'), ('([ (])met ', '\\1metastatic '), ('\\b(?:adeno ?ca|adeno carcinoma|adeno|adenokars[iı]nom|adenocarsinoma)\\b[.]?', 'adenocarcinoma'), ('\\bcholangio (?:carcinoma|ca)\\b|\\b[iep]cca\\b', 'cholangiocarcinoma'), ('\\bca\\b[.]?', 'carcinoma'), ('\\bmetastati[kc]?\\b', 'metastatic'),
      ('\\b(?:(?:diffuse|follicular|marginal zone) )?(?:(?:large )?[bt] cell|non ?hodgkin|hodgkin) lymphoma', 'lymphoma'), ('\\b(?:echinococcal|hydatid) (?:disease|cysts?)', 'hydatid cyst'), ('\\b(gist|gastrointestinal stromal tumor|melanoma|sarcoma|leiomyosarcoma|carcinoid|renal cell carcinoma) metastas[ie]s\\b', '\\1'),
      ('\\b(?:consistent with|c/w|compatible with) (?:(?:patient.?s|clinical|known|prior|previous|given) )*(?:history|diagnosis) of ', 'consistent with '), ('(^ |[;.] ?)(' ~ bowel ~ ') (adenocarcinoma|carcinoma|cancer),? metastatic(?: to)?( ?[,;.]| liver| $)', '\\1metastatic \\2 \\3\\4'), ('\\bsuggestive of\\b|\\bsuggests?\\b', 'suspicious for'), (' (?:مطرح کننده|به نفع|احتمالا|احتمال|محتمل) ', ' مشکوک به '), ('\\b(?:cannot excluded|suspicious for|suspicion of) (?:carcinoma|cancer|neoplasm|neoplasia|malignant cells|tumor)\\b', 'suspicious for malignancy'),
      (' آدنو کارسینوم', ' آدنوکارسینوم'), (' منفی (?:از نظر|برای|جهت) (?:وجود )?(?:بدخیمی|تومور|سلول بدخیم) | (?:از نظر|برای) (?:وجود )?(?:بدخیمی|تومور) منفی ', ' بدخیمی دیده نشد '), (' (?:بافت )?(?:نرمال|طبیعی) کبد ', ' normal liver '), (' (?:تومور|ضایعه|توده|ندول) متاستاتیک ([^;,.]*(?:کولون|کولورکتال|رکتوم|روده بزرگ|سیگموئید))', ' متاستاز \\1'),
      ('\\b(?:hilar|perihilar|peripheral|extrahepatic|distal) (cholangiocarcinoma)', '\\1'), ('\\b(cholangiocarcinoma)(?:, intrahepatic)?,? (?:large duct|small duct|mass forming|periductal(?: infiltrating)?|intraductal(?: growth)?)(?: (?:type|pattern))?', '\\1'), ('\\bcarcinoid tumors?\\b', 'carcinoid'), ('\\bbenign ((?:simple |hepatic |biliary |cavernous )*(?:cyst|ha?emangioma))', '\\1'), ('\\bp?nets?\\b', 'neuroendocrine tumor'), ('\\bnec\\b', 'neuroendocrine carcinoma'), ('\\b(neuroendocrine (?:tumor|carcinoma|neoplasm)),? (?:small|large) cell(?: type)?', '\\1'), ('\\b(?:small|large) cell (neuroendocrine carcinoma)', '\\1'), ('\\bwith (?:(?:focal|scattered|some|minimal|rare|foci of) )*(?:(?:residual|viable) )+(?:tumor|adenocarcinoma|carcinoma|cancer)(?: cells| foci)?\\b', ''),
      ('\\b(squamous cell carcinoma|melanoma|sarcoma|leiomyosarcoma|gist|gastrointestinal stromal tumor|lymphoma|carcinoid)(?: metastas[ie]s)?,? \\(?(?:of|from) (?:anal canal|anus|skin|lung|esophagus|cervix|head and neck|uterus|ileum|stomach|jejunum|choroid|eye|bladder|kidney|retroperitoneum)(?: origin| primary)?\\)?', '\\1'),
      ('[,;] ?(?:closest|nearest|minimum|largest|greatest) ?(?:margin |nodule |lesion |tumor )?(?:at |of )?[0-9.]+ ?(?:mm|cm)( ?[,;.]| $)', '\\1'), (' (?:سلول|سلول های) (?:تومورال|توموری) زنده ', ' تومور زنده '), (' (?:بدخیمی|تومور بدخیم) (?:ندارد|دیده نشد|منفی) ', ' بدخیمی دیده نشد '), (' کارسینوم (?:سلول|سلول های) کبدی ', ' کارسینوم هپاتوسلولار '), (' (?:کانسر|سرطان) ', ' '), (' متاستاز کبدی ', ' متاستاز '), ('\\b(?:ovarian|ovary) (?:high|low) grade ', 'ovarian '), ('\\bno malignant tumor ', 'no malignancy '), ('^ no tumor (?:in|within) (?:specimen|liver|tissue|biopsy|sample) ', ' no tumor '),
      ('^ (?:(?:histology|histopathology|microscopy|immunoprofile|immunohistochemistry|immunophenotype|and|features|sections|appearances|findings|morphology|diagnosis|final diagnosis|overall)[: ]+)*(?:(?:confirms?|shows?|demonstrates?) )?(?:(?:consistent|compatible|in keeping) with )?(metastatic|metastas[ei]s|adenocarcinoma|hcc|hepatocellular|cholangiocarcinoma|focal nodular|fnh|ha?emangioma)', ' \\1'), ('\\bw/ ?', 'with '), ('\\b(?:metastatic|secondary) (?:disease|tumor|deposits?|lesions?|nodules?|neoplasm) (?:from|of|(?:consistent|compatible|in keeping) with) ((?:known |primary |prior )*' ~ bowel ~ ')', 'metastasis of \\1'), ('\\b(?:on|in|with) (?:background|setting) of (?:(?:cirrhosis|steatosis|fibrosis|steatohepatitis|hepatitis [bc]|normal liver|hemochromatosis) ?)+', ' '), ('[,;. ]+y?pt[1-4x][ab]?(?: ?y?p?n[0-2x][abc]?)?(?: ?m[01x])?( ?[,;.]| $)', '\\1'), ('\\bcolo rectal\\b', 'colorectal'), ('\\bmetasta(?:tc|ic|ttic|tatic|tit)\\b|\\bmetas tatic\\b|\\bmetatstatic\\b', 'metastatic'), ('\\b(?:enteric|intestinal|colonic|colorectal) (?:type|phenotype|pattern|morphology)\\b', ''), ('\\bmétastases?\\b', 'metastasis'), ('\\bhépatiques?\\b', 'hepatic'), ('\\badénocarcinomes?\\b', 'adenocarcinoma'), ('\\b(?:colique|colorectale?|rectale?)s?\\b', 'colorectal'), ('\\bd.un |\\bdu |\\bde ', 'of '), ('\\bkolorektale[nrs]?\\b', 'colorectal'),
      ('\\b(?:(?:completely|entirely|totally|fully) )?(?:sterili[sz]ed|ablated|treated|necrotic|fibrotic|regressed) (?:metastasis|metastases|nodule|lesion|deposit)[,;]? (no|without) (viable|residual)', ' \\1 \\2'), (' (?:شواهد|شواهدی|اثری) (?:از )?بدخیمی ', ' بدخیمی '), (' از (?:تومور|سرطان|کانسر|آدنوکارسینوم|آدنوکارسینوما) (کولون|رکتوم|کولورکتال|سیگموئید|روده)', ' از \\1'), (' بدون (?:شواهد|شواهدی از|علائم|نشانه) ?(?:از )?(?:بدخیمی|تومور|نئوپلاسم) ', ' بدخیمی دیده نشد '), (' (?:نمونه|بافت|کبد) (?:فاقد|بدون|عاری از) (?:تومور|بدخیمی|نئوپلاسم) ', ' بدخیمی دیده نشد '), (' (پاسخ کامل) (?:پاتولوژیک|پاتولوژی|به درمان|درمانی|به شیمی درمانی|به کموتراپی)(?: به درمان)? ', ' \\1 '), (' (?:کلانژیوکارسینوما|کلانژیو کارسینوما|کلانژیو کارسینوم) ', ' کلانژیوکارسینوم '), (' (?:داخل کبدی|اینتراهپاتیک) ', ' '), (' همانژیوم (?:غاری|کاورنوز|اسکلروزان|کپیلری) ', ' همانژیوم '),
      ('patient.s ', 'patients '), ('\\bleber(?:metastasen?|filiae?)\\b', 'metastasis'), ('\\b(?:metastasen?|filiae?) ', 'metastasis '), ('\\b(?:eines|einer|des|von|vom|bei) (?:bekannte[mnrs] )?(?:kolorektale[mnrs]?|colorectal|kolon|colon|rektum) ?-?(?:karzinoms?|adenokarzinoms?|tumors?)', 'of colorectal carcinoma'), ('\\badenokarzinoms?\\b', 'adenocarcinoma'),
      ('[ ,]*\\(n ?= ?[0-9]+\\)|[ ,]+n ?= ?[0-9]+\\b', ' '), (' ?\\((?:colloid|mucinous|mucinous type|dirty|adenocarcinoma|crc)\\)', ''), ('\\b(?:small bowel|small intestin(?:e|al))\\b', 'ileum'), ('\\b(large )?bowel\\b', 'large bowel'), (' روده باریک ', ' ileum '), (' روده (?:بزرگ )?', ' روده بزرگ '),
      ('[ ,;(]+(?:with |and |about |approximately |approx |only |~|<|>)*[1-9][0-9]?(?:[.][0-9]+)? ?%(?: (?:of|tumor|cells?|residual|viable|viability|necrosis|necrotic|fibrosis|fibrotic|mucin|regression|response))*\\)?', ' '),
      (' (?:پس از|بعد از|متعاقب|به دنبال|بدنبال) (?:(?:شیمی ?درمانی|کموتراپی|درمان|نئوادجوانت|نئوادجوان|قبلی|سیستمیک) )+', ' '), (' تومور(?:ال|ی)? (?:زنده|قابل حیات|فعال) (?:باقی نمانده|باقی نمانده|دیده نمی ?شود) ', ' تومور باقیمانده دیده نشد '), (' (?:سلول|سلول های) (?:تومورال|توموری|بدخیم) (?:زنده|باقیمانده) (?:دیده نشد|ندارد|باقی نمانده) ', ' تومور باقیمانده دیده نشد '),
      ('\\brcc\\b', 'renal cell carcinoma'), ('\\b(renal cell carcinoma),? \\(?clear cell(?: type)?\\)?', '\\1'), ('\\bclear cell (renal cell carcinoma)\\b', '\\1'), ('\\b(neuroendocrine (?:tumor|carcinoma|neoplasm))(?:,? [(]?(?:small cell|large cell|g[123]|grade [123])[)]?)*(?: metastas[ie]s)?[ ,(]+(?:(?:of|from|probable|likely) )*(?:midgut|foregut|hindgut|ileal|ileum|pancreatic|pancreas|rectal|colonic|colon|gastric|gastrointestinal|gi)(?: (?:origin|primary|source|nec|net))?\\)?', '\\1'),
      ('\\b(?:metastatic|malignant|primary|recurrent)(?: (?:malignant|cutaneous|uveal|ocular))? (melanoma|lymphoma|sarcoma|leiomyosarcoma|liposarcoma|angiosarcoma|mesothelioma|seminoma|thymoma|carcinoid|gist|gastrointestinal stromal tumor|renal cell carcinoma|urothelial carcinoma|small cell carcinoma|germ cell tumor|hepatocellular carcinoma|cholangiocarcinoma)\\b', '\\1'), ('\\bmelanoma (?:metastasis|metastases)\\b', 'melanoma'),
      ('\\b((?:cavernous )?h(?:a)?emangioma|fnh|focal nodular hyperplasia|simple cyst|biliary hamartoma|bile duct hamartoma)(?:,? (?:and|with|plus|beside|adjacent to) | ?[&+] ?)', '\\1; '),
      ('\\b(?:no (?:evidence of )?|negative for |free of |absence of )(?:carcinoma|cancer|neoplasm|neoplasia|neoplastic cells|malignant neoplasm|tumor cells)(?: (?:identified|present))? $', 'negative for tumor '),
      ('^ (?:[a-h][.):] ?)?(?:liver|' ~ of_liver ~ ')(?:[ ,;/&+()-]+(?:' ~ of_liver ~ '))*[) ]*(?: ?[:;] ?-?| -) ', ' '),
      (other_field, '\\1'), (other_field, '\\1'),
      (' ?[,;.] ?(?:مارژین|مارجین|حاشیه)(?: ?ها| های)?(?: جراحی)? (?:آزاد|درگیر نیست|درگیر|منفی|مثبت|عاری از تومور)( ?[,;.]| $)', '\\1'), (' ?[,;.] ?(?:تهاجم|lvi|pni) [^;,.0-9]*(?:دیده (?:شد|نشد)|دارد|ندارد|منفی|مثبت)( ?[,;.]| $)', '\\1'),
      ('[,;.] ?(?:[b-h2-9][.):] ?)?gallbladder(?: with|:|,)? (?:(?:chronic|acute|mild) )*(?:cholecystitis|cholelithiasis|cholesterolosis|unremarkable|benign|no pathologic (?:abnormality|change|findings?)|negative for malignancy)', ''),
      (' ?[(,;]* *(?:(?:positive|negative) for )?(?:(?:' ~ stains ~ ') ?(?:[+-]|positive|negative)[,;/ ]*(?:and )?)+ *\\)?', ' '), (' +', ' '),
      (' [(]?m?-?8(?:14|48|49)0/[36][)]? ', ' metastatic adenocarcinoma '), ('\\b(?:metastatic )?adenocarcinoma,?(?: nos)? metastatic adenocarcinoma\\b', 'metastatic adenocarcinoma'), (' [(]?m?-?8170/3[)]? ', ' hcc '), (' [(]?m?-?8160/3[)]? ', ' cholangiocarcinoma '), ('\\b(?:hcc|hepatocellular carcinoma),?(?: nos)? hcc\\b', 'hcc'), ('\\bcholangiocarcinoma,?(?: nos)? cholangiocarcinoma\\b', 'cholangiocarcinoma'),
      ('[ ,;]+(?:status post|s/p|post|after|following) (?:(?:neoadjuvant|preoperative|systemic|m?folfox ?6?|folfiri|folfoxiri|capox|xelox|bevacizumab|chemotherapy|chemo|therapy|treatment)\\b ?)+', ' '),
      ('\\b(?:' ~ numbers | join('|') ~ '|[1-9][0-9]?|multiple|several|single|solitary) (?:separate )?(?:foci|focus|nodules?|lesions?|deposits?) of ', ''), (' ?[(]see (?:comment|note)[)]', ''), ('[ ,;(]+(?:' ~ numbers | join('|') ~ '|[1-9][0-9]?|multiple|several|single|solitary) (?:foci|focus|nodules?|lesions?|deposits?)[)]?( ?[,;.]| $)', '\\1'), (' x ?[1-9] $', ' '), (size ~ ' $', ' '),
      ('[,;.] ?(?:background|surrounding|adjacent|uninvolved|non ?neoplastic) (?:liver|hepatic)(?: parenchyma| tissue)?:? (?:with |shows |showing )?(?:no |mild |moderate |severe |marked )?(?:significant )?(?:macrovesicular )?steatosis $', ' '),
      ('\\b(?:(?:known )?(?:clinical )?(?:history|case) of|k/c(?: of)?) ' ~ bowel, 'known colorectal'), ('\\b(?:of|from) (?:(?:known|prior|previous) )+' ~ bowel ~ '(?: (?:adenocarcinoma|carcinoma|cancer|ca)\\b)?', 'of colorectal'), ('\\bnet\\b', 'neuroendocrine tumor'), ('\\bneuroendocrine tumor,? (?:g|grade )[1-3]\\b', 'neuroendocrine tumor'),
      ('\\b(?:(?:treated|previously treated) )?metastatic (?:(?:mucinous|' ~ bowel ~ ') )*(?:adenocarcinoma|carcinoma)(?: (?:of|from) ' ~ bowel ~ ')?,? (?:with|showing) (?:no (?:residual |viable )+tumor(?: cells)?(?: identified)?|complete pathologic(?:al)? response)', 'no residual tumor'),
      ('\\b(?:liver|hepatic|sclerosed|sclerosing|capillary) hemangioma', 'hemangioma'), ('\\bbenign (?:liver|hepatic) (?:tissue|parenchyma)\\b', 'benign'), ('\\bnormal (?:liver|hepatic) (?:tissue|parenchyma)\\b', 'normal liver'), (' به کبد ', ' '),
      ('\\bmetastatic (?:(?:ductal|lobular|serous) )?(?:adenocarcinoma|carcinoma|cancer)[ ,]+(?:(?:consistent with|compatible with|favor|of|from) )*' ~ elsewhere ~ '(?: (?:primary|origin|type|source))?\\b|\\bmetastatic (?:lobular|serous|urothelial|endometrioid) (?:adenocarcinoma|carcinoma)\\b|\\bmetastatic ' ~ elsewhere ~ ' (?:(?:ductal|lobular|serous) )?(?:adenocarcinoma|carcinoma|cancer|ca)\\b', 'metastasis of another primary'),
    ] + colon + [
      ('\\bwith ' ~ change ~ '(?:(?:, and|,| and) ' ~ change ~ ')*', ''), ('\\bwith (?:(?:partial|minimal|minor|major|moderate|poor|no|marked|good|excellent|some|significant) )(?:(?:treatment|therapy|pathologic|pathological|tumor) )*(?:response|regression|effect)\\b(?: to (?:(?:neoadjuvant|preoperative) )?(?:chemotherapy|therapy|treatment|chemo))?', ''), ('^ (?:(?:residual|viable) )+(metastatic|adenocarcinoma)', ' \\1'), ('\\bcomplete (?:(?:tumor|pathologic|pathological|pathology|path|histologic|histological|treatment) )*(?:regression|response|remission)\\b|^ (?:pcr|path(?:ologic(?:al)?)? cr) $', 'complete response'), ('\\batypical cells,? suspicious\\b', 'suspicious'),
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
      ('\\b(?:known|patients) colorectal\\b', 'colorectal'),
      ('\\bcolorectal(?: (?:adenocarcinoma|carcinoma|cancer|tumor))? metastasis\\b|\\bmetastasis (?:from|of) colorectal(?: (?:adenocarcinoma|carcinoma|cancer|primary|tumor))?\\b', 'colorectal metastasis'),
      ('\\bmetastatic colorectal (?:adenocarcinoma|carcinoma|cancer)\\b|\\bmetastatic (?:mucinous |signet ring cell )?(?:adenocarcinoma|carcinoma) (?:consistent with|of|from) colorectal(?: primary| cancer| carcinoma| adenocarcinoma)?\\b', 'metastatic colorectal adenocarcinoma'),
      ('\\bconsistent with colorectal(?: primary| metastasis| type| adenocarcinoma| carcinoma| cancer| malignancy| tumor)?\\b', 'consistent with colorectal'),
      ('\\b(?:no|absence of|negative for|free of) (?:evidence of )?(?:residual viable|viable residual|residual|viable) (?:metastatic )?(?:adenocarcinoma|carcinoma|cancer|malignancy|malignant|tumor)(?: cells)?(?: identified| present)?\\b', 'no residual tumor'),
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
      ('\\b(?:small bowel|colonic|sigmoid|ileal) (mesentery|mesocolon)\\b', '\\1'),      (',? [0-9.]+(?: ?x ?[0-9.]+)* ?(?:cm|mm|g|gr|grams)\\b', ''), ('\\bnon ?anatomic(?:al)? ', ''),      (' متاستاز(?: های|های)? (?:کبد|کبدی) ', ' کبد '), ('\\bfalciform lig(?:ament)?\\b', 'falciform ligament'), ('\\b(?:tri|bi)se(?:gment|ction)ectomy\\b', 'hepatectomy'), ('\\b(?:lar|apr|tme)\\b', 'colon'), (' (?:inferior )?vena cava(?: wall)? ', ' ivc '),
      ('^ liver [(](?:r|l|rt|lt|right|left)[)]', ' liver '), ('\\bbx\\b', 'biopsy'), ('\\bleber(?:teil)?(?:resektat|resektion|gewebe|segment|metastase[n]?)\\b', 'liver'), ('\\b(?:hepatoduodenal|gastrohepatic|hepatogastric) (?:ligament )?(lymph nodes?|nodes?|lns?)', '\\1'), ('\\b(?:(?:right|left|extended|low|anterior|sigmoid|subtotal|total|abdominoperineal) )*(?:hemicolectomy|colectomy|sigmoidectomy|anterior resection|abdominoperineal resection|proctectomy|proctocolectomy)\\b', 'colon'), ('\\bcbd\\b', 'bile duct'), ('\\bmesenteric (?:nodule|mass|deposit|tumor|lesion|implant)s?', 'mesentery'), (' (?:همی ?کولکتومی|کولکتومی|سیگموئیدکتومی) ', ' کولون '), (' (?:سگمنتکتومی|سگمانکتومی|متاستازکتومی|متاستاتکتومی|لوبکتومی|بیوپسی) کبد ', ' کبد '), (' (?:پورتال|پورت|هیلار|سلیاک|مزانتریک|ناحیه ای|پری پورتال) ', ' '),
      ('^ (?:[a-h][.):]|[0-9]{1,2}[ :.-]+|c22[.0-9]*) ?([a-z])', ' \\1'), ('^ c22(?:[.]?[0-9])? $', ' liver '), ('\\bsegs?[.]? ?([1-8iv])|\\bs([1-8])', 'segment \\1\\2'), (' سگمان ', ' سگمنت '), (' ?\\(?station [0-9]+[ab]?\\)?', ''), ('(?: and | و | ?[+&] ?)', '; '),
      ('[ ,]*\\(n ?= ?[0-9]+\\)|[ ,]+[(]?x ?[0-9]+[)]? ', ' '), ('\\bwith (cholecystectomy|gallbladder|lymph|nodes?|diaphragm|bile duct|colon)', '; \\1'), ('\\b(?:liver|hepatic) (?:metastas[ei]s|mets?|metastatic (?:lesions?|nodules?|deposits?|tumors?|adenocarcinoma|carcinoma))\\b', 'liver'),
      (' (غده|غدد|عقده|عقده های|گره|گره های|لنف نود|لنف نودهای) (?:لنفاوی )?(?:(?:ناحیه|ناف|هیلوم|هیلار|پورتال|پورتا|اطراف|پری پورتال|شریان|پدیکول) )+(?:کبد|کبدی|هپاتیس) ', ' غده لنفاوی '),
      ('\\bsegments? ?[1-8iv]+[ab]?(?:(?:,| and|/|-|&) ?(?:[1-8iv]+[ab]?|[ab]\\b))*', 'segment'),
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
      ('^ n/?a? ?[-,:;(]+ ?', ' '), ('\\b(complete|partial|poor|minimal|no|near complete) (?:treatment|therapy|therapeutic|path|histologic|histological) (response|regression)\\b', '\\1 \\2'), ('\\bpath(?:ologic(?:al)?)? cr\\b', 'complete response'), ('^ no effect $', ' no response '), ('^ no (?:chemotherapy|chemo|therapy|treatment|neoadjuvant)(?: therapy| treatment| chemotherapy)?\\)? $', ' no neoadjuvant therapy '), ('\\b(response|regression|effect) to chemo\\b', '\\1 to chemotherapy'),
      (' پاسخ ناچیز ', ' پاسخ ضعیف '), (' رگرسیون(?: تومور)? (?:گرید|درجه) ?([0-5]) ', ' trg \\1 '), (' (?:کموتراپی|شیمی ?درمانی|درمان نئوادجوانت|درمان قبلی|نئوادجوانت) (?:نگرفته|نشد|نداشته|دریافت نکرده|انجام نشد|ندارد) ', ' no neoadjuvant therapy '),      ('^ (?:(?:tumor|lesions?|nodules?|metastas[ei]s|sections?|this|histology|it) )?(?:shows?|showing|demonstrates?|exhibits?|with|displays?) ', ' '),      ('\\br[ -]?b(?: trg)?:? ([1-5])\\b', 'rubbia brandt \\1'), ('\\bgood partial response\\b', 'partial response'), ('\\bmoderate (?:treatment|therapy|therapeutic) (?:effect|response)\\b', 'moderate response'), ('\\b(dworak|rodel)(?: grade| trg)? ([0-4]) ?(?:/|of|out of) ?4\\b', '\\1 \\2'), (' (?:درجه رگرسیون|رگرسیون درجه|گرید رگرسیون) ', ' trg '), (' (?:پاسخ|پاسخی)(?: به (?:درمان|شیمی ?درمانی))? (?:ندارد|دیده نشد) ', ' بدون پاسخ '), ('\\b(?:trs|tumor regression score|regression score)\\b', 'trg'), ('\\b(?:ajcc ?/ ?cap|cap ?/ ?ajcc|ajcc)\\b', 'cap'), ('^ grade ([0-5]) (?:regression|response)\\b', ' trg \\1'), ('\\bnear (?:total|full) (regression|response)', 'near complete \\1'), ('\\b(?:moderate|intermediate) (?:tumor )?(?:regression|response)\\b', 'moderate response'),
      ('^ (?:good|excellent|fair) response ?[(,:-]+ ?blazer (major|minor|complete)\\)?', ' \\1 response'), ('^ blazer[: ]+(major|minor|complete)(?: response)? $', ' \\1 response '),
      ('\\b(?:chemotherapy|chemo|neoadjuvant therapy|neoadjuvant chemotherapy|neoadjuvant treatment|preoperative chemotherapy) not (?:given|received|administered)\\b', 'no neoadjuvant therapy'),      ('\\bno viable cells\\b', 'no viable tumor cells'), ('\\bno (?:(?:definite|definitive|significant|appreciable|evident|obvious|discernible|measurable|histologic|pathologic|pathological|tumor) )+(response|regression|treatment effect|therapy effect)(?: (?:identified|present))?\\b', 'no \\1'), ('\\bno (?:treatment|therapy|chemotherapy)(?: related)? (?:effects?|changes?)(?: (?:identified|present))?\\b', 'no treatment effect'),
      ('^ (?:(?:marked|moderate|minimal|mild|extensive|significant|substantial|prominent|some|good) )+(?:(?:treatment|therapy|chemotherapy) )?(?:effects?|response|changes?)[ ,;:(]+(?:with |and |- )?((?:about |approximately |approx |only )?[0-9<>~][^;,]*(?:viable|residual))', ' \\1'),
      ('^ (?:(?:marked|significant|substantial|good|excellent|some|definite|prominent|extensive) )+(?:(?:treatment|therapy|chemotherapy|pathologic|tumor) )?(?:effects?|response|regression)(?: to (?:chemotherapy|therapy|treatment|neoadjuvant chemotherapy))?[ ,;:(-]+(trg|' ~ scale ~ ')', ' \\1'),
      ('\\b(?:no (?:history of |prior |previous )+(?:(?:neoadjuvant|preoperative|pre op|preop|systemic) )?(?:therapy|treatment|chemotherapy|chemo)|no (?:pre ?op|systemic) (?:therapy|treatment|chemotherapy|chemo)|no (?:chemotherapy|chemo|therapy) (?:given|received|administered)|(?:chemotherapy|chemo|treatment|therapy) na[iï]ve|not treated|untreated)\\b', 'no neoadjuvant therapy'),
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
      (' (?:trg )?([(]?)(' ~ scale ~ ')[)]?[:, ]+(?:trg )?([0-5][ab]?)([ ,;)])', ' \\1\\2 \\3\\4'),
      ('\\( (' ~ scale ~ ') ?\\)', '(\\1)'), ('([ (])(?:trg )?([0-5][ab]?),? [(]?(?:according to |by |per )?(' ~ scale ~ ')[)]?([ ,;)])', '\\1\\3 \\2\\4'),
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
