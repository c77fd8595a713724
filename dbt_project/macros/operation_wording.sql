{#- The terms of the word fields of operation and follow-up, as macros/plain_wording.sql has those of pathology, under the
    same rule: a pattern unites what means the same, or takes away who tells it, a label, or what cannot change the rest. -#}
{% macro operation_term_patterns() -%}
  {%- set nodes = '(?:regional )?(?:lymph ?nodes?|nodes?|lns?)' -%}
  {%- set positive = '(?:positive|involved|metastatic)' -%}
  {%- set examined = '(?:examined|removed|retrieved|harvested|dissected|resected|sampled|identified|total)' -%}
  {%- set tumor = '(?:metastas[ie]s|metastatic (?:adenocarcinoma|carcinoma|disease|tumor)|adenocarcinoma|carcinoma|tumor|cancer|malignancy)' -%}
  {%- set counted_nodes = [] -%}
  {%- for word in ['zero|صفر', 'one', 'two', 'three', 'four', 'five', 'six'] -%}
    {%- do counted_nodes.append((' (?:' ~ word ~ ') (of|out|positive|involved|metastatic|lymph|nodes?|از) ', ' ' ~ loop.index0 ~ ' \\1 ')) -%}
  {%- endfor -%}
  {%- set relative = '(?:(?:(?:patient|pt).?s |pt |his |her )?(?:family|wife|husband|spouse|partner|son|daughter|brother|sister|mother|father|parents?|relatives?|caregiver|carer|gp|family doctor|family physician|next of kin|nok))' -%}
  {%- set relative_fa = '(?:همراه|همراهان|خانواده|همسر|فرزند|فرزندان|پسر|دختر|برادر|خواهر|پدر|مادر|بستگان|نزدیکان|پزشک)(?:ش|شان)?(?: (?:بیمار|وی|ایشان))?' -%}
  {%- set date = '(?:[0-9]{1,2}[-/.]){0,2}(?:19|20)[0-9]{2}(?:[-/.][0-9]{1,2}){0,2}' -%}
  {%- set scan = '(?:(?:last|latest|recent|follow ?up|surveillance) )*(?:pet ?/? ?ct|ct|mri|pet|imaging|scans?)(?: scans?)?' -%}
  {%- set place = 'local|locoregional|distant|intrahepatic|extrahepatic|hepatic|liver|lung|pulmonary|pelvic' -%}
  {%- set recurrence = '(?:recurrences?|relapses?|metastas[ie]s|mets)' -%}
  {%- set at_once = '(?:(?:one|single|same) (?:stage|session|sitting|anesthe(?:sia|tic)|anaesthe(?:sia|tic))|same (?:operation|setting|time|or|or session|day|procedure|surgery|theatre|anesthesia session)|in (?:one|single) (?:operation|procedure|surgery|go|setting)|both in (?:one|same|single) (?:operation|procedure|surgery|session))' -%}
  {%- set chemotherapy = [('\\b(?:before|prior to) (?:(?:liver|hepatic|index|the) )*(?:surgery|operation|resection|hepatectomy|op)\\b', 'preop'), ('^ (?:after|post|following|s/p) (neoadjuvant|nact|nac|preop|preoperative|induction)', ' \\1'), ('(?: |^)(?:نیو|نئو|نو) ?ادجوانت', ' نئوادجوانت'), ('\\bneo ?-? ?adj(?:uvant|uvent|[.])?(?: |$)', 'neoadjuvant '), ('\\b(?:pre ?-?operatively|pre ?-?op[.]?)(?: |$)', 'preop '), ('\\bchemo ?(?:-|/)? ?rt\\b', 'chemoradiation'), (' (?:دریافت|مصرف|شروع) (?:کرده|کرد|نموده|نمود|شد) ', ' '), ('[0-9]+ ?#|# ?[0-9]+', ' '), ('\\b(?:first|second|1st|2nd) line\\b', ''), ('\\bchemo\\b', 'chemotherapy')] -%}
  {{ return({
    'neoadjuvant_regimens': chemotherapy, 'therapy_phrases': chemotherapy,
    'chronology_phrases': [
      ('\\bdx\\b', 'diagnosis'), ('\\b(?:time|moment) of (?:initial |first )?(diagnosis|presentation)', '\\1'), ('\\b(?:at|on) (?:initial|first|primary) (diagnosis|presentation)\\b', 'at \\1'),
    ],
    'node_phrases': counted_nodes + [
      ('\\b(?:mets|metastasis|metastases|metastatic) (?:in|to) ([0-9]+ ?(?:/|of|out of))', '\\1'), ('^ no ' ~ tumor ~ ' (?:in|identified in|seen in) (?:all )?[1-9][0-9]? ' ~ nodes ~ ' $', ' no '), (' (?:لنف ?نود|لنف نودها|غدد لنفاوی|غده لنفاوی|گره های لنفاوی) (?:درگیر نیست|آزاد|پاک|سالم) ', ' لنف نود منفی '), ('^ [1-9][0-9]? (?:عدد )?(?:غده|گره|لنف نود)(?: لنفاوی)? (?:مثبت|درگیر) $', ' yes '), ('^ (?:لنف ?نود|غدد لنفاوی) ?:? ?([0-9]+ ?/ ?[0-9]+)', ' \\1'),      ('^ ?[+] ?(?:ve )?' ~ nodes ~ ' $', ' node positive '), ('\\bt[0-4][ab]?[ ,]*(n[+-])', '\\1'), ('\\b(stage i{1,3}[abc]?|dukes [abc][12]?) (?:colon|colorectal|rectal|colonic|rectum) (?:ca|cancer|carcinoma|adenocarcinoma|tumor) $', '\\1 '), (' n (مثبت|منفی) ', ' لنفاوی \\1 '), ('^ [1-9][0-9]? (?:عدد )?(?:غده|گره|لنف نود)(?: لنفاوی)? (?:فاقد|بدون|عاری از|منفی) ?(?:تومور|درگیری|متاستاز)? ?$', ' no '), ('^ (?:all )?[1-9][0-9]? (?:(?:benign|reactive|negative) )?' ~ nodes ~ ' (?:negative|free|benign|uninvolved|not involved)(?: (?:for|of|by) ' ~ tumor ~ ')? $', ' no '),
      ('\\b(nod(?:e|es|al)|n[0-2+-]) (positive|negative) (?:primary|tumor|disease|crc|(?:colorectal|rectal|colon) cancer)(?: tumor)? $', '\\1 \\2 '), ('\\b(?:mesorectal|mesocolic|pericolic|perirectal|mesenteric|regional|locoregional|local) (?:lymph )?(nodes?|lns?|nodal)\\b', '\\1'), ('\\b([0-9]+) ?[+] ?/ ?([0-9]+)\\b', '\\1/\\2'), ('\\b' ~ nodes ~ '[: ]+([0-9]+) positive ?(?:/|of|out of|from) ?([0-9]+)(?: total)?\\b', '\\1/\\2'), ('\\b(?:metastatic|metastasis|metastases|tumor|cancer|disease) in ([0-9]+ ?(?:/|of|out of))', '\\1'), ('\\bno nod(?:al|e) disease\\b', 'node negative'), ('\\bdukes. ?([abc])', 'dukes \\1'), (' یک (?:غده|گره|عدد غده|لنف نود)(?: لنفاوی)? (?:درگیر|مثبت) ', ' yes '),
      ('\\b((?:y?p)?n0) ?\\((?:i|mol|sn)[+-]?\\)', '\\1'), ('^ ' ~ nodes ~ ' ?(?:\\(\\+\\)|[+]|positive)[ ,:(]*([0-9]+ ?(?:/|of|out of) ?[0-9]+)\\)?', ' \\1'), ('\\b' ~ tumor ~ ' (?:present |identified |seen )?(?:in|involving|involves|to) ([0-9]+ ?(?:/|of|out of))', '\\1'),
      ('^ (?:positive|involved|yes) ?[(,:-] ?[1-9][0-9]? ?(?:' ~ positive ~ ' )?' ~ nodes ~ '(?: ' ~ positive ~ ')?\\)? $', ' yes '), ('\\bisolated tumor cells(?: only)?\\b|\\bitcs?(?: only)?\\b', 'n0'),
      ('^ (?:patient|pt) (?:had |with )?', ' '), ('^ primary(?: tumor)? (?:had |with )?(nod|lymph|ln|y?p?n[0-3]|no )', ' \\1'), ('\\bwithout ' ~ tumor ~ ' $', 'negative '), ('\\b(?:nodal|' ~ nodes ~ ') status\\b', 'node'), ('\\bnode ?:? ((?:y?p)?n[0-3x])', '\\1'),
      ('\\bfree (?:of|from) ' ~ tumor ~ '\\b', 'free'), ('\\b' ~ positive ~ ' (?:by|with|for) ' ~ tumor ~ '\\b', 'involved'),
      ('\\b(?:contain|show|harbor|with)(?:s|ed|ing)? ' ~ tumor ~ '\\b', 'involved'), ('\\bnone of ' ~ nodes ~ ' ', 'no nodes '),
      ('^ (?:' ~ nodes ~ ' ?:? )?' ~ examined ~ ' ?(?:' ~ nodes ~ ' ?)?[=:]? ?([1-9][0-9]?)[,; ]+(?:' ~ nodes ~ ' )?' ~ positive ~ ' ?(?:' ~ nodes ~ ' ?)?[=:]? ?([0-9]+) $', ' \\2/\\1 '),
      ('^ (?:' ~ nodes ~ ' ?:? )?' ~ positive ~ ' ?(?:' ~ nodes ~ ' ?)?[=:]? ?([0-9]+)[,; ]+(?:' ~ nodes ~ ' )?' ~ examined ~ ' ?(?:' ~ nodes ~ ' ?)?[=:]? ?([1-9][0-9]?) $', ' \\1/\\2 '),
      ('^ (?:' ~ nodes ~ ' ?:? )?([1-9][0-9]?) (?:' ~ nodes ~ ' )?' ~ examined ~ '[,; ]+(?:and |of which )?([0-9]+) (?:' ~ nodes ~ ' )?' ~ positive ~ ' $', ' \\2/\\1 '),
      ('^ all ([1-9][0-9]?) ' ~ nodes ~ ' (?:negative|free|benign|reactive|uninvolved|not involved) $', ' 0/\\1 '),
      ('^ (?:' ~ nodes ~ ' ?:? )?([1-9][0-9]?) ?(?:' ~ nodes ~ ' ?)?(?:' ~ examined ~ ' ?)?[,; ]+(?:and )?(?:all (?:negative|free|benign|reactive|uninvolved)|none ' ~ positive ~ ') $', ' 0/\\1 '),
      ('^ (?:(?:number|no[.]?) of )?(?:' ~ positive ~ ' ' ~ nodes ~ '|' ~ nodes ~ ' ' ~ positive ~ ') ?[=:]? ?0 $', ' no '),
      ('^ (?:(?:number|no[.]?) of )?(?:' ~ positive ~ ' ' ~ nodes ~ '|' ~ nodes ~ ' ' ~ positive ~ ') ?[=:]? ?[1-9][0-9]? $', ' yes '),
      ('\\b(y?pn|n)(?: stage| category)?[ :]*([0-3x][a-c]?)([ ,;)])', '\\1\\2\\3'), ('\\bstage ((?:y?p)?n[0-3])', '\\1'), ('\\b((?:y?p)?n)1 ?[-/] ?n?2 ', '\\12 '),
      ('([^ ]) (?:عاری از|فاقد|بدون) (?:تومور|متاستاز|بدخیمی|درگیری) $', '\\1 منفی '), (' بود(?:ند)? ', ' '), (' نبود(?:ند)? ', ' نیست '),
    ],
    'vital_statuses': [
      ('^ (?:(?:current|vital|survival|patient|final|last) )*(?:status|outcome)(?: at last (?:contact|follow ?up|visit))? ?[:=-]? ?', ' '), ('^ وضعیت(?: فعلی| نهایی)?(?: حیات| حیاتی| بیمار)* ?[:=-]? ?', ' '),
      ('^ ' ~ relative ~ '(?: members?)? (?:reports?|reported|says|said|states?|stated|confirms|confirmed|told us|informed us)(?: that)? (?:he|she|patient|pt) ', ' '), ('^ (?:as )?(?:per|according to|reported by) ' ~ relative ~ '[ ,:]+', ' '),
      ('^ (?:(?:phone|telephone) (?:call|contact|follow ?up)|phoned|telephoned|called|spoke|spoken|talked|discussed)(?: (?:to|with))?(?: (?:patient|pt|him|her|' ~ relative ~ '))?(?: (?:by|over|on|via) (?:phone|telephone))? ?[,;:-] ?', ' '),
      ('^ (?:در |طی )?(?:تماس|پیگیری)(?: تلفنی)?(?: با [^,;]*)?(?: گرفته شد| انجام شد| حاصل شد| شد)? ?[,;:] ?|^ با [^,;]* تماس (?:تلفنی )?(?:گرفته شد|گرفتیم|گرفتم|شد) ?[,;:] ?', ' '),
      ('^ (?:(?:طبق|به|بنا ?به|بنابر|بر اساس) )?(?:گفته|اظهار|اظهارات|اعلام|اظهار نظر)(?: ی)? ' ~ relative_fa ~ ' ?[,;:]? ', ' '), ('^ ' ~ relative_fa ~ ' (?:گفت|گفتند|اظهار داشت|اظهار کرد|اطلاع داد|خبر داد)(?: که)? (?:بیمار )?', ' '),
      (' فوت (?:کرده|کرد|کردند|نموده|نمود|نمودند|شد|شدن)(?: اند| بود| بودند)?($|[ ,;.])', ' فوت\\1'), (' اند ', ' '),
      (' (?:حال|وضعیت)(?: عمومی)?(?: (?:بیمار|وی|ایشان))? (?:خوب|مساعد) ', ' حال خوب '),
      ('\\bno (?:(?:evidence of|e/o|signs? of|known|current|active|new|more|further|any) )*(?:diseases?|recurrences?|relapses?|complaints?|mets|metastas[ie]s|symptoms|problems?|issues?|cancer|tumor)\\b', 'ned'), ('\\bno longer (?:alive|living)\\b', 'not alive'), (' (?:در حال حاضر|هم ?اکنون|اکنون|فعلا) ', ' '),
      ('\\blost (?:to|of|for|from)(?: our| clinic)? (?:follow ?ups?|fu|f/u|f\\.u\\.?|contact)(?: (?:after|since|at|in|from|on) (?:[0-9]+ ?(?:days?|weeks?|months?|mos?|years?|yrs?)|' ~ date ~ '))?\\b', 'lost'),
      ('\\b(?:cannot|not) (?:reach|reached|reachable|contact|contacted|locate|located|traced)\\b', 'unreachable'), ('\\bunreachable (?:by|via|on) (?:phone|telephone)\\b', 'unreachable'),
      ('\\b(?:did|does) not (?:answer|respond|pick up)(?: (?:to )?(?:phone|calls?|phone calls?|telephone))?\\b', 'no answer'),
      (' (?:در دسترس|پاسخگو) (?:نیست|نبود) | (?:جواب|پاسخ) (?:تلفن )?(?:نداد|نمی ?دهد) | عدم پاسخ ?(?:گویی|دهی)?(?: به (?:تلفن|تماس(?: ?های)?(?: تلفنی)?))? ', ' پاسخ نداد '),
    ],
    'recurrence_phrases': [
      ('^ (?:(?:patient|pt|he|she|later|subsequently) )+', ' '), ('\\be/o\\b', 'evidence of'), ('\\b(?:w/o|wo)\\b', 'without'), ('[(]([-+])(?:ve)?[)]', ' \\1ve '), ('\\b(?:tap|cap) ', ''), ('\\bre-? ?(recur|relaps)', '\\1'), ('\\b(recurrence|relapse) ?[:=-]? ?y(?:es)?\\b', '\\1'), ('^ (?:recurrences?|relapse|rec) ?[:=-]? ?(?:n|nil|none|no|absent|0)(?: (?:so far|to date|till date|yet|seen|identified))? $', ' no recurrence '), ('^ (yes|no|بله|بلی|خیر) - ', ' \\1; '), (' رکورنس ', ' عود '), (' به (ریه|کبد|استخوان|مغز|صفاق) ', ' \\1 '), ('\\bdisease (recurrence|relapse)', '\\1'), ('\\bwithout (?:any )?(?:signs?|evidence|indication|hint|features) of\\b|\\bno (?:clinical|radiologic(?:al)?|radiographic|imaging|biochemical)(?:(?: or | and |/)(?:clinical|radiologic(?:al)?|radiographic|imaging|biochemical))* (?:signs?|evidence|features) of\\b', 'no evidence of'), ('\\b(?:after|following|post) (?:(?:first|second|1st|2nd|initial|liver|hepatic|index|repeat|curative|re) ?)*(?:hepatectomy|resection|surgery|operation|rehepatectomy)\\b', ' '), ('\\bevidence of (?:recurrent|relapsed|residual|active|metastatic) disease\\b', 'evidence of disease'),
      ('^ ' ~ scan ~ '(?: (?:of|abdomen|chest|thorax|liver|pelvis|and))* ?[:,-]? ?(?:clear|clean|negative|normal|unremarkable|satisfactory)(?: for (?:recurrence|relapse|disease|metastas[ie]s))? $', ' no recurrence '),
      ('[,;(-] ?(?:s/p |underwent |awaiting |for |started |received |had |on )?(?:re ?)?(?:treated|resected|ablated|managed|operated|irradiated|resection|ablation|rfa|mwa|sbrt|tace|chemotherapy|chemo|palliative chemo(?:therapy)?|palliation|palliative care|surgery|hepatectomy|rehepatectomy)(?: (?:with|by|on|for|in) [a-z0-9 +/-]+)? ?[)]? $', ' '),
      ('\\b(pd|progression|progressed|relapsed|recurred|relapse|yes) - ', '\\1; '), ('^ (?:developed|develops|had|with|showed|shows|experienced|presented with|diagnosed with) ', ' '),
      ('^ (?:on |by )?' ~ scan ~ ' ?[:,-]? ?(?:shows |showed |revealed )?(negative for|no|without|free of) ', ' \\1 '),
      ('\\bboth ', ''), ('\\b(intra|extra) hepatic\\b', '\\1hepatic'), ('\\bintra(?:hepatic|-)? ?(?:and|&|[+]|/) ?extrahepatic\\b', 'extrahepatic'), ('\\b(intra|extra)hepatic disease\\b', '\\1hepatic recurrence'),
      ('\\b(?:disease progression|progression of disease|progressive disease)\\b', 'progression'), ('\\bcarcinomatosis\\b', 'metastases'),
      ('\\bnever (?:recurred|relapsed|had recurrence)\\b|\\b(?:did|does) not (?:recur|relapse|develop recurrence)\\b', 'no recurrence'),
      ('\\bno (?:evidence of )?(?:(?:local|locoregional) )?' ~ recurrence ~ ' (?:or|nor) (?:(?:distant|new) )?' ~ recurrence ~ '\\b', 'no recurrence'),
      ('\\bno (?:evidence of )?(?:(?:local|locoregional) (?:or|nor) distant|(?:intra)?hepatic (?:or|nor) extrahepatic) ' ~ recurrence ~ '\\b', 'no recurrence'),
      ('^ ((?:(?:' ~ place ~ '|solitary|single|multiple|second|2nd|new) )*' ~ recurrence ~ ')[ ,;(-]+(?:re ?)?(?:resected|treated|ablated|operated|irradiated)(?: (?:with|by) (?:chemotherapy|chemo|rfa|mwa|surgery|radiotherapy|resection|ablation))?[ .)]*$', ' \\1 '),
      ('^ (?:re ?resection|re ?hepatectomy|repeat hepatectomy|resection|surgery|chemotherapy|chemo) for ', ' '),
      ('\\b(?:suspicious|indeterminate|equivocal|questionable) (?:(?:new|liver|hepatic|lung|pulmonary|bone|small) )*(?:lesions?|nodules?|findings?|mass)\\b', 'suspicious'),
      (' دچار ((?:عود|متاستاز)[^;,.]*) شد ', ' \\1 '), (' دچار (?:عود|متاستاز) نشد ', ' no recurrence '), (' عاری از عود ', ' بدون عود '), (' عود (?:بیماری|تومور|مجدد) ', ' عود '), (' (?:عاری از|بدون|فاقد) (?:شواهد )?بیماری ', ' disease free '),
    ],
    'lobar_phrases': [
      ('^ (?:lobes?|side|laterality|distribution|location|involvement|lobes? involved|involved lobes?|lobar (?:involvement|distribution)) ?[:=-] ?', ' '),
      ('\\bboth (?:right(?: lobes?)? and left|left(?: lobes?)? and right)\\b', 'right and left'), ('\\bbilat(?:erally)?\\b|\\bb/l\\b', 'bilateral'),
      ('\\b(right|left)(?: lobe)? (?:free|clear|spared|normal|uninvolved|not involved)\\b(?: (?:of|from) (?:disease|tumor))?', '\\1 lobe free'), ('\\bno (right|left) lobe involvement\\b', '\\1 lobe free'), (' لوب (راست|چپ) (?:طبیعی|درگیر نیست) ', ' لوب \\1 سالم '),
      (' (دو|یک|تک) ?لوبی ', ' \\1 لوبه '), (' تک لوب', ' یک لوب'),
    ],
    'surgical_approaches': [
      ('\\b(?:at |in )?' ~ at_once ~ '\\b|\\bcombined\\b|\\bsimultaneously\\b', 'simultaneous'), (' simultaneous \\(simultaneous\\) | simultaneous(?: simultaneous)+ ', ' simultaneous '),
      ('\\b(?:liver|hepatic) (?:metastas[ie]s|mets)\\b|\\b(?:metastas[ie]s|mets)\\b', 'liver'), ('\\b1st\\b', 'first'),
    ],
  }) }}
{%- endmacro %}
