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
  {%- set relative_fa = '(?:همراه|همراهان|خانواده|همسر|فرزند|فرزندان|پسر|دختر|برادر|خواهر|پدر|مادر|بستگان|نزدیکان|پزشک)(?: (?:بیمار|وی|ایشان))?' -%}
  {%- set date = '(?:[0-9]{1,2}[-/.]){0,2}(?:19|20)[0-9]{2}(?:[-/.][0-9]{1,2}){0,2}' -%}
  {%- set scan = '(?:(?:last|latest|recent|follow ?up|surveillance) )*(?:pet ?/? ?ct|ct|mri|pet|imaging)(?: scans?)?' -%}
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
      ('^ (?:(?:طبق|به|بنا ?به|بنابر|بر اساس) )?(?:گفته|اظهار|اظهارات|اعلام|اظهار نظر)(?: ی)? ' ~ relative_fa ~ ' ?[,;:]? ', ' '),
      (' فوت (?:کرده|کرد|کردند|نموده|نمود|نمودند|شد|شدن)(?: اند| بود| بودند)?($|[ ,;.])', ' فوت\\1'), (' اند ', ' '),
      (' (?:حال|وضعیت)(?: عمومی)?(?: (?:بیمار|وی|ایشان))? (?:خوب|مساعد) ', ' حال خوب '),
      ('\\bno (?:(?:evidence of|e/o|signs? of|known|current|active|new|more|further|any) )*(?:diseases?|recurrences?|relapses?|complaints?|mets|metastas[ie]s|symptoms|problems?|issues?|cancer|tumor)\\b', 'ned'), ('\\bno longer (?:alive|living)\\b', 'not alive'), (' (?:در حال حاضر|هم ?اکنون|اکنون|فعلا) ', ' '),
      ('\\blost (?:to|of|for|from)(?: our| clinic)? (?:follow ?ups?|fu|f/u|f\\.u\\.?|contact)(?: (?:after|since|at|in|from|on) (?:[0-9]+ ?(?:days?|weeks?|months?|mos?|years?|yrs?)|' ~ date ~ '))?\\b', 'lost'),
      ('\\b(?:cannot|not) (?:reach|reached|reachable|contact|contacted|locate|located|traced)\\b', 'unreachable'), ('\\bunreachable (?:by|via|on) (?:phone|telephone)\\b', 'unreachable'),
      ('\\b(?:did|does) not (?:answer|respond|pick up)(?: (?:to )?(?:phone|calls?|phone calls?|telephone))?\\b', 'no answer'),
      (' (?:در دسترس|پاسخگو) (?:نیست|نبود) | (?:جواب|پاسخ) (?:تلفن )?(?:نداد|نمی ?دهد) | عدم پاسخ ?(?:گویی|دهی)?(?: به (?:تلفن|تماس(?: ?های)?(?: تلفنی)?))? ', ' پاسخ نداد '),
    ],
    'recurrence_phrases': [
      ('^ (?:(?:patient|pt|he|she|later|subsequently) )+', ' '), ('\\be/o\\b', 'evidence of'), ('\\b(?:w/o|wo)\\b', 'without'), ('[(]([-+])(?:ve)?[)]', ' \\1ve '), ('\\b(?:tap|cap) ', ''), ('\\bre-? ?(recur|relaps)', '\\1'), ('\\b(recurrence|relapse) ?[:=-]? ?y(?:es)?\\b', '\\1'), ('^ (?:recurrences?|relapse|rec) ?[:=-]? ?(?:n|nil|none|no|absent|0)(?: (?:so far|to date|till date|yet|seen|identified))? $', ' no recurrence '), ('^ (yes|no|بله|بلی|خیر) - ', ' \\1; '), (' به (ریه|کبد|استخوان|مغز|صفاق) ', ' \\1 '), ('\\bdisease (recurrence|relapse)', '\\1'), ('\\bwithout (?:any )?(?:signs?|evidence|indication|hint|features) of\\b|\\bno (?:clinical|radiologic(?:al)?|radiographic|imaging|biochemical)(?:(?: or | and |/)(?:clinical|radiologic(?:al)?|radiographic|imaging|biochemical))* (?:signs?|evidence|features) of\\b', 'no evidence of'), ('\\b(?:after|following|post) (?:(?:first|second|1st|2nd|initial|liver|hepatic|index|repeat|curative|re) ?)*(?:hepatectomy|resection|surgery|operation|rehepatectomy)\\b', ' '), ('\\bevidence of (?:recurrent|relapsed|residual|active|metastatic) disease\\b', 'evidence of disease'),
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
{#- What a text of operation or follow-up says when it names the one thing of its field and holds no word that could turn it
    round: per list (core, guard, phrase). A text with the core and without the guard is read as the phrase, whatever else it
    tells ("recurrence in S7, RFA done"); a denial is read only where each of its words is known. The guard holds denials,
    doubts, plans, other persons and the words of the other answer: with any of them the text is read part by part. -#}
{% macro operation_cores() -%}
  {%- set hedge = '[?؟]|\\b(?:no|not|non|nil|none|never|without|neither|nor|or|vs|versus|cannot|unlikely|suspicious|suspected|suspicion|susp|possible|possibly|poss|probable|probably|prob|presumed|presumably|likely|query|questionable|equivocal|indeterminate|uncertain|unclear|unknown|undetermined|unconfirmed|unsure|doubtful|excludes?|excluded|ruled?|r/o|risk|pending|await|awaiting|awaits|planned|plans?|planning|will|would|should|may|might|could|if|consider|considered|considering|discuss|discussed|offered|advised|recommended|refused|refusal|declined|declines|history|hx|fhx|family|negative|neg|absent|error|wrong|whether|alleged|allegedly|reportedly|pre ?existing|n/a)\\b|verif|(?:^|[^\\p{L}])(?:مشکوک|احتمال|احتمالا|نامشخص|نامعلوم|خیر|نه|بدون|فاقد|عدم|عاری|نیست|نبود|نبوده|ندارد|نداشت|نداشته|نداره|نشد|نشده|نکرد|نکرده|نگرفت|نگرفته|نمی|منفی|رد|شک|یا|اگر|شاید|سابقه|خانواده|خانوادگی|قرار|کاندید)(?:$|[^\\p{L}])' -%}
  {%- set relatives = 'wife|husband|spouse|partner|son|daughter|brother|sister|mother|father|parents?|relatives?|friend|uncle|aunt|cousin|child|children|baby|همسر|پسر|دختر|برادر|خواهر|پدر|مادر|فرزند|دوست' -%}
  {%- set when = '[ ,;(@-]*(?:on|at|by|as|of|in|till|until now|to|so|far|date|yet|now|still|last|latest|recent|most|this|current|currently|today|follow ?ups?|fu|f/u|fup|visits?|clinic|review|contact|scans?|ct|mri|pet|pet/ct|tap|cap|cect|imaging|usg|us|ultrasound|years?|yrs?|yr|months?|mths?|mos?|mo|y|m|weeks?|since|for|surgery|operation|op|postop|post|after|resection|hepatectomy|seen|identified|detected|noted|documented|present|clinically|radiologically|radiological|clinical|and|&|normal|well|doing|patient|pt|he|she|remains?|alive|with|evidence|signs?|any|the|[0-9][0-9/.,:-]*|jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|تاکنون|تا|کنون|الان|در|حال|حاضر|پیگیری|آخرین|ویزیت|ماه|سال|بعد|پس|از|عمل|جراحی|سی|تی|اسکن|نرمال|بیمار|هیچ|اکنون)[).:]*' -%}
  {%- set recurring = '(?:recurrences?|relapses?|recurrent disease|rec|recurrence or relapse|(?:local|locoregional) ?(?:or|/|and|nor|&) ?(?:distant|systemic) (?:recurrences?|relapses?|metastas[ie]s|disease|failure)|recurrence (?:or|and|/|nor) (?:metastas[ie]s|mets|relapse|progression|new lesions?))' -%}
  {%- set colon = '(?:colon|colonic|bowel|primary|rectum|rectal|colorectal|crc|colectomy|hemicolectomy|sigmoidectomy|sigmoid|lar|apr|anterior resection|hartmann|tme|proctectomy)' -%}
  {%- set liver = '(?:liver|hepatic|hepatectomy|hemihepatectomy|metastasectomy|metastas[ie]s|mets)' -%}
  {%- set words_between = '[a-z ]{0,30}' -%}
  {%- set next = '(?:then|followed by|f/b|fb|before|prior to|preceding|-> ?|→ ?|> ?|=> ?|and later|later|subsequently|subsequent)' -%}
  {%- set sites_colon = 'colon[a-z]*|c[ao]?ecum|c[ao]?ecal|ascending|transverse|descending|sigmoid[a-z]*|sigma|flexure|hemicolon|کولون|کلون|سیگموئید|سیگمویید|سکوم' -%}
  {%- set sites_rectum = 'rectum|rectal|rektum[a-z]*|رکتوم|رکتال|راست روده' -%}
  {%- set other_sites = 'anus|anal canal|anal ca|anal cancer|anorect|ileum|jejun|duoden|small bowel|stomach|gastric|pancrea|breast|lung|pulmonary|ovar|uter|prostat|kidney|renal|primaries|tumors|two|double|triple|multiple|both|free|polyp|gist|spared|invad|invasion|involving|extend|معده|پانکراس|مقعد|پستان|ریه|آزاد' -%}
  {%- set regimen = '(?:m?folfox[a-z0-9]*|m?folfiri[a-z0-9]*|folfoxiri|m?folfirinox|xelox|capox|cape?ox|xeliri|capiri|capecitabine|xeloda|oxaliplatin|irinotecan|bevacizumab|avastin|cetuximab|erbitux|panitumumab|فولفاکس|فولفوکس|فولفیری|زلوکس|کپسیتابین)' -%}
  {%- set chemo = '(?:chemotherapy|chemo|ctx|nact|nac|neoadjuvant|neoadj|cht|شیمی ?درمانی|کموتراپی|نئوادجوانت)' -%}
  {%- set not_before = '|(?:^|[^o])adjuvant|\\badj\\b|post ?-?op[a-z]*|\\b(?:after|following|postoperatively|start|starting|stopped|palliative|breast|lymphoma|prostate|prior|previous|past|colectomy|primary|0|x ?0|contraindicated|unfit|ineligible|instead|naive|deferred|delayed|only)\\b|ادجوانت|بعد از|پس از' -%}
  {{ return({
    'vital_statuses': [
      ('^(?:[^?؟]*[ ,;:(-])?(?:died|expired|deceased|passed away|succumbed|exitus|mortality)(?:$|[ ,;:.)(-])|^[^?؟]*(?:^|[^\\p{L}])(?:فوت|فوتی|درگذشت|اکسپایر شد)(?:$|[^\\p{L}])', hedge ~ '|\\b(?:' ~ relatives ~ ')\\b|\\b(?:alive|living|lost|until|well|survived|near|before|if|had he|license|prescription|insurance|later)\\b|زنده|(?:^|[^\\p{L}])(?:همسر|پسر|دختر|برادر|خواهر|پدر|مادر|فرزند|دوست|حیات|از دست|قبل)(?:$|[^\\p{L}])|تاریخ (?:فوت|وفات)(?:$|[^\\p{L}])|(?:^|[^\\p{L}])(?:اسم)(?:$|[^\\p{L}])', 'dead'),
      ('^(?:[^?؟]*[ ,;:(-])?(?:alive|living|زنده|زندست)(?:$|[ ,;:.)(-])', hedge ~ '|\\b(?:' ~ relatives ~ ')\\b|\\b(?:died|dead|death|deceased|expired|passed|exitus|demised|until|lost|living will|situation|till|when|later|then)\\b|فوت|مرگ|مرحوم|درگذشت', 'alive'),
      ('^(?:[^?؟]*[ ,;:(-])?(?:ned|awd|aned|awod|(?:keeping|doing|remains|remaining|feeling|clinically|generally|very) (?:very |quite |reasonably )?(?:well|fine|ok|good)|well|hale|healthy)(?:$|[ ,;:.)(-])|(?:^|[^\\p{L}])(?:حال(?:ش|شان|شون)? (?:عمومی )?خوب|خوب)(?:ه| است| هست| هستند| بود| بودند| می باشد)?$', hedge ~ '|\\b(?:' ~ relatives ~ ')\\b|\\b(?:died|dead|death|deceased|expired|passed|exitus|demised|until|lost|till|later|then|unwell|differentiated|last (?:seen|known)|as well)\\b|فوت|مرگ|مرحوم|درگذشت', 'alive'),
      ('\\b(?:phones?|telephones?|mobile|calls?|called|number|contact)\\b[^?؟]*\\b(?:not|no|off|wrong|disconnected|unanswered|invalid|unsuccessful|failed|unreachable|unavailable)\\b|\\b(?:cannot|could not|unable to|not) (?:trace|traced|traceable|contact|contacted|contactable|reach|reached|reachable|locate|located)\\b|\\b(?:did not|does not|not|never|failed to|stopped|no longer) (?:come|coming|attend|attended|attending|return|returned|show|turn up|report|following)\\b|\\bdefaulted\\b|^no (?:news|contact|reply|response|information)\\b|\\bwhereabouts\\b|\\bmissed follow|(?:تماس|تلفن|شماره|گوشی|موبایل)[^?؟]*(?:نداد|ندادند|نمی ?دهد|نمی ?دهند|خاموش|اشتباه|نیست|نیستند|نبود|ناموفق|ندارد|مسدود|واگذار|برقرار نشد)|عدم (?:مراجعه|پیگیری|پاسخ[^ ]*|دسترسی|تماس)|(?:مراجعه|پیگیری) (?:نکرد|نکرده|نداشت|نداشته|نشد|ننموده)|^بدون پیگیری|گم ?شد', '[?؟]|\\b(?:not|never) lost\\b|\\b(?:alive|living|ned|awd|well|died|dead|deceased|expired|death|disease free|passed|recurrence|wrong diagnosis)\\b|زنده|فوت|مرحوم|خوب|درگذشت|حیات|همسر|مرگ', 'lost'),
      ('\\blost\\b[a-z ]*(?:f/?u|fup|follow|contact)|^l/?f/?u$|^lost$|^ltfu|^no (?:f/u|fu|follow ?up)(?: (?:data|info|information|available|since|after|visits?))*', '[?؟]|\\b(?:not|alive|living|ned|awd|well|died|dead|deceased|expired|death|disease free)\\b|زنده|فوت', 'lost'),
    ],
    'recurrence_phrases': [
      ('^(?:' ~ when ~ ')*[ ,;-]*(?:(?:no|nil|without|negative for|free of|free from) (?:(?:any|evidence of|signs? of|features of|obvious|definite|further|overt|clinical|radiological|imaging|cancer|tumor|disease) )*' ~ recurring ~ '|(?:ned|nad|disease free|recurrence free|relapse free|free of disease|no evidence of disease|cancer free|tumor free|in remission|remission|df))(?:' ~ when ~ ')*[. ]*$', 'disease free until|remission until|not in remission|partial remission|alive ned|[?؟]', 'ned'),
      ('^(?:' ~ when ~ ')*[ ,;-]*(?:(?:بدون|فاقد|عدم|عاری از|هیچ) (?:(?:شواهد|شواهدی|علائم|علایم|نشانه|نشانه های|وجود|مشاهده|بروز|هیچ|از|به نفع) )*عودی?|(?:(?:شواهد|شواهدی|علائم|علایم|نشانه|نشانه های|هیچ|از|به نفع) )*عودی? (?:بیماری )?(?:ندارد|نداره|نداشت|نداشته|نکرد|نکرده|دیده نشد|ندیده|منفی|نیست))(?:' ~ when ~ ')*[. ]*$', '[?؟]|مشکوک|ولی|اما', 'ned'),
      ('\\b(?:recurrences?|recurred|recurring|relapses?|relapsed|recurrent (?:disease|crc|crlm|cancer|carcinoma|adenocarcinoma|tumor|metasta[a-z]*|mets|liver|hepatic|lung|colorectal|lesions?|nodules?))\\b|^rec\\b|^recur\\b|(?:^|[^\\p{L}])عود(?:ی)?(?:$|[^\\p{L}])', hedge ~ '|\\b(?:ned|nad|free|remission|clear|clean|score|status|surveillance|monitor|monitoring|rate|date|screening|prevent|prevention|primaries|second primary|new primary|scar|until|0|unremarkable|fear|worried|before|death)\\b|-$|- ?ve\\b|[(] *- *[)]|ولی|اما|تاریخ', 'recurrence'),
    ],
    'chronology_phrases': [
      ('^(?:(?:liver|hepatic|mets|metastas[ie]s|crlm|disease|lesions|already|stage|iv|m1|identified|present|presented|presenting|diagnosed|had|with|in|مت) ?)*(?:at|with|on|during) (?:(?:time|of|initial|first|same) )*(?:diagnosis|presentation|primary|detection)(?: of)?(?: (?:primary|colon|colorectal|rectal|crc|cancer|tumor|disease))*$|^presented with (?:liver|hepatic) (?:mets|metastas[ie]s)$|(?:در )?(?:زمان|هنگام|بدو|موقع) (?:تشخیص|کشف|مراجعه)[^?؟]*$', hedge ~ '|\\b(?:after|later|post|months?|years?)\\b|بعد|پس', 'synchronous'),
      ('\\bsync[a-z]*|\\bsimultaneous[a-z]*|(?:^|[^\\p{L}])(?:هم ?زمان|سنکرون|سینکرون)', hedge ~ '|\\bmeta[a-z]*ch|\\basync|غیر|نا ?هم ?زمان|متاکرون|\\b(?:primaries|then|later|polyps?|second)\\b', 'synchronous'),
      ('\\bmeta[a-z]*chron[a-z]*|\\bmetach\\b|(?:^|[^\\p{L}])(?:متاکرون|غیر ?هم ?زمان|نا ?هم ?زمان)', hedge ~ '|\\bsync|سنکرون|سینکرون|\\b(?:primaries|then|second)\\b', 'metachronous'),
    ],
    'lobar_phrases': [
      ('\\bbilob[a-z]*|\\bbilateral(?:ly)?\\b|\\bboth (?:hepatic |liver |of )*(?:lobes?|sides|hemilivers?)\\b|(?:^|[^\\p{L}])(?:دو ?لوب|هر ?دو ?لوب|دو ?طرف|بایلوبار|بای لوبار)', hedge ~ '|\\bbilob[a-z]* (?:right|left|r|l)$|\\b(?:right|left) bilob|\\b(?:unilob[a-z]*|unilateral|monolob[a-z]*|single|one|free|spared|only|uninvolved|pulmonary|lung)\\b|تک|یک|سالم|آزاد', 'bilobar'),
      ('\\bunilob[a-z]*|\\bone sided\\b|\\bmonolob[a-z]*|\\bunilateral(?:ly)?\\b|(?:^|[^\\p{L}])(?:تک ?لوب|یک ?لوب|یک ?طرف|یونی ?لوبار)', hedge ~ '|\\b(?:bilob[a-z]*|bilateral|both|pulmonary|lung)\\b|دو|بای|سالم|آزاد', 'unilobar'),
      ('\\b(?:right|rt)\\b(?: (?:lobe|liver|hemiliver|side|sided|hepatic))|(?:^|[^\\p{L}])لوب راست', hedge ~ '|\\b(?:left|lt|l|both|two|bilob[a-z]*|bilateral|caudate|predominantly|mostly|mainly|more|free|clear|clean|spared|normal|uninvolved|lung|pulmonary|colon|portal)\\b|چپ|دو|سالم|آزاد|طبیعی|نرمال|بیشتر|عمدتا', 'right lobe'),
      ('\\b(?:left|lt)\\b(?: (?:lobe|liver|hemiliver|side|sided|hepatic|lateral))|(?:^|[^\\p{L}])لوب چپ', hedge ~ '|\\b(?:right|rt|r|both|two|bilob[a-z]*|bilateral|caudate|predominantly|mostly|mainly|more|free|clear|clean|spared|normal|uninvolved|lung|pulmonary|colon|portal)\\b|راست|دو|سالم|آزاد|طبیعی|نرمال|بیشتر|عمدتا', 'left lobe'),
    ],
    'seeding_phrases': [
      ('^(?:peritoneum|peritoneal (?:cavity|surfaces?|lining)|abdominal cavity|صفاق|پریتوئن|پریتوان|پریتونئوم|سطح صفاق)(?: (?:looks|looked|appears|appeared|macroscopically|کاملا))? ?:? ?(?:clear|clean|normal|free|unremarkable|smooth|nil|negative|پاک|تمیز|سالم|نرمال|طبیعی|عاری)(?: (?:of|from) (?:disease|tumor|metastas[ie]s|deposits|seeding|mets))?$', '[?؟]', 'no'),
      ('\\b(?:carcinomatosis|carcinosis|seeding|(?:peritoneal|omental|mesenteric|pelvic peritoneal) (?:metasta[a-z]*|mets|deposits?|nodules?|implants?|disease|spread|dissemination|involvement|tumors?|cake|seedings?|carcinomatosis)|omental cake)\\b|(?:^|[^\\p{L}])(?:کارسینوماتوز|کارسینوماتوزیس|سیدینگ|کاشت|متاستاز (?:صفاقی?|پریت[^ ]*))', hedge ~ '|\\b(?:clear|clean|free|benign|0|p0|resolved|unremarkable|normal|reactive|inflammatory|previous|prior|past|treated)\\b|^-|- ?ve\\b|[(] *- *[)]|-$|سالم|پاک|تمیز|بررسی', 'seeding'),
    ],
    'primary_sites': [
      ('\\brecto ?-?sigmoid[a-z]*|\\brectosig\\b|رکتو ?سیگم', hedge ~ '|\\b(?:rectum|rectal|c[ao]?ecum|ascending|transverse|descending|' ~ other_sites ~ ')\\b|رکتوم', 'rectosigmoid'),
      ('\\b(?:' ~ sites_colon ~ ')\\b|کولون|کلون|سیگموئید|سیگمویید|سکوم', hedge ~ '|\\brect|\\bcolorec|رکت|راست ?روده|' ~ other_sites ~ '|\\bc(?:19|20)', 'colon'),
      ('\\b(?:' ~ sites_rectum ~ ')\\b|رکتوم|رکتال|راست روده', hedge ~ '|\\b(?:' ~ sites_colon ~ '|appendix|recto[ -]?sigmoid[a-z]*)\\b|سیگم|کولون|کلون|سکوم|' ~ other_sites ~ '|\\bc(?:18|19)', 'rectum'),
    ],
    'neoadjuvant_regimens': [
      ('^(?:no|nil|without|none|بدون|فاقد)(?: (?:any|prior|previous|of|systemic|pre ?op|preoperative|preop|' ~ chemo ~ '|therapy|treatment|tx|rx|given|done|received|قبل|از|عمل|جراحی))+$', '[?؟]|\\bprior$|(?:^| )(?:no|without|none) (?:prior|previous|of|any)*$', 'none'),
      ('\\b' ~ regimen ~ '\\b|(?:^| )(?:فولفاکس|فولفوکس|فولفیری|زلوکس|کپسیتابین)', hedge ~ not_before, 'folfox'),
    ],
    'therapy_phrases': [
      ('^(?:(?:patient|pt|had|received|given|there) )*(?:no|nil|without|none|never|did not|بدون|فاقد)(?: (?:any|receive|received|prior|previous|had|of|systemic|pre ?op|preoperative|preop|induction|' ~ chemo ~ '|ct|rct|therapy|treatment|tx|rx|given|done|administered|taken|before|to|surgery|liver|hepatic|resection|operation|hepatectomy|قبل|از|عمل|جراحی))+$', '[?؟]|\\bprior$|(?:^| )(?:no|without|never|none|not) (?:prior|previous|liver|hepatic|surgery|resection|operation|hepatectomy|of|had|to|any|before)*$', 'no'),
      ('^(?:' ~ chemo ~ '|ct|preop|preoperative|pre op|systemic|therapy|treatment|induction| )+ (?:not|never|نگرفت|نگرفته|نداشت|نداشته|نشد|دریافت نکرد|دریافت نکرده)(?: (?:given|received|done|administered|performed|taken|offered|required|needed|had))?$', '[?؟]|(?:^|[^o])adjuvant', 'no'),
      ('\\b' ~ regimen ~ '\\b|(?:^| )(?:فولفاکس|فولفوکس|فولفیری|زلوکس|کپسیتابین)', hedge ~ not_before, 'folfox'),
      ('\\b(?:nact|(?:neoadjuvant|preop|preoperative|induction|conversion|upfront) (?:systemic )?(?:' ~ chemo ~ '|therapy|treatment)|' ~ chemo ~ ' (?:preop|pre op|preoperative))\\b|شیمی ?درمانی (?:قبل|پیش) از|کموتراپی (?:قبل|پیش) از|نئوادجوانت (?:گرفت|دریافت|انجام)', hedge ~ not_before, 'yes'),
    ],
    'surgical_approaches': [
      ('^(?:(?:staged?|sequential|approach|strategy|had|underwent|delayed) ?[-:,(]* ?)*(?:right |left |low |sigmoid |laparoscopic |open |ca |tumor )*' ~ colon ~ '\\b' ~ words_between ~ '[,;(-]? ?\\b?' ~ next ~ words_between ~ liver ~ '\\b', hedge ~ '|\\b(?:after|simultaneous[a-z]*|combined|same|together|synchronous[a-z]*)\\b', 'colon first'),
      ('^(?:(?:staged?|sequential|approach|strategy|had|underwent|delayed|upfront) ?[-:,(]* ?)*(?:right |left |laparoscopic |open |partial |extended )*' ~ liver ~ '\\b' ~ words_between ~ '[,;(-]? ?\\b?' ~ next ~ words_between ~ colon ~ '\\b', hedge ~ '|\\b(?:after|simultaneous[a-z]*|combined|same|together|synchronous[a-z]*)\\b', 'liver first'),
      ('\\b' ~ liver ~ '\\b' ~ words_between ~ '\\bfirst\\b|^reversed?\\b|\\breversed? (?:approach|strategy|order|sequence)\\b', hedge ~ '|\\b' ~ colon ~ '\\b' ~ words_between ~ '\\bfirst\\b|\\b(?:simultaneous[a-z]*|combined|classic[a-z]*|identified|diagnosed|noticed|two stage|second|last)\\b', 'liver first'),
      ('\\b' ~ colon ~ '\\b' ~ words_between ~ '\\b(?:first|earlier|beforehand)\\b|^(?:classic|classical|traditional|conventional|standard)\\b', hedge ~ '|\\b' ~ liver ~ '\\b' ~ words_between ~ '\\bfirst\\b|\\b(?:simultaneous[a-z]*|combined|reversed?|identified|diagnosed|noticed|second|last)\\b', 'colon first'),
      ('\\b(?:simultaneous[a-z]*|synchronous[a-z]*|combined|concurrent[a-z]*|concomitant[a-z]*|one step|single step|together)\\b|(?:^|[^\\p{L}])(?:هم ?زمان|(?:یک|تک) ?(?:مرحله|جلسه)|با هم|توام)', hedge ~ '|\\b(?:first|then|staged|two|2|second|before|after|later|followed|f/b|reversed?|classic[a-z]*|traditional|chemo[a-z]*|radi[a-z]*|abandoned|separate|surgeon|ablation|rfa)\\b|جداگانه|دو ?مرحله|بعد|سپس|اول|ابتدا|قبل|غیر', 'simultaneous'),
    ],
  }) }}
{%- endmacro %}
