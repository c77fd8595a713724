{#- Text as it is compared (docs/definitions.md, "Reading a value"): Unicode compatibility forms,
    Persian and Arabic letters and digits unified, zero-width characters and all kinds of blanks made one
    space, trimmed, lower case, British "tumour" as "tumor". A line end becomes " ; ", a separator of parts. The raw text
    stays in raw.

    The pairs below are the unifications of Persian spelling, then the one-character cases of Unicode NFKC for the blocks
    that hospital systems write (full-width ASCII, Arabic presentation forms);
    tests/unit/test_text_normalization.py compares them with Python's unicodedata. -#}
{% macro normalize_text(column) -%}
  {{ return(adapter.dispatch('normalize_text', 'crlm_registry')(column)) }}
{%- endmacro %}

{% macro text_pairs() -%}
  {%- set found = [
    "\u064a\u0649\u0643\u0629\u06c0\u066b\u2013\u2014\u2212\u2010\u2011\u00d7\u061b\u060c\u201c\u201d\u06f0\u0660\u06f1\u0661\u06f2\u0662\u06f3\u0663",
    "\u06f4\u0664\u06f5\u0665\u06f6\u0666\u06f7\u0667\u06f8\u0668\u06f9\u0669",
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a",
    "\u202f\u205f\u3000\u200b\u200c\u200d\u200e\u200f\u2060\ufeff	",
    "\uff01\uff02\uff03\uff04\uff05\uff06\uff07\uff08\uff09\uff0a\uff0b\uff0c",
    "\uff0d\uff0e\uff0f\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff1a\uff1b\uff1c\uff1d\uff1e\uff1f\uff20\uff21\uff22\uff23\uff24",
    "\uff25\uff26\uff27\uff28\uff29\uff2a\uff2b\uff2c\uff2d\uff2e\uff2f\uff30\uff31\uff32\uff33\uff34\uff35\uff36\uff37\uff38\uff39\uff3a\uff3b\uff3c",
    "\uff3d\uff3e\uff3f\uff40\uff41\uff42\uff43\uff44\uff45\uff46\uff47\uff48\uff49\uff4a\uff4b\uff4c\uff4d\uff4e\uff4f\uff50\uff51\uff52\uff53\uff54",
    "\uff55\uff56\uff57\uff58\uff59\uff5a\uff5b\uff5c\uff5d\uff5e\ufb50\ufb51\ufb52\ufb53\ufb54\ufb55\ufb56\ufb57\ufb58\ufb59\ufb5a\ufb5b\ufb5c\ufb5d",
    "\ufb5e\ufb5f\ufb60\ufb61\ufb62\ufb63\ufb64\ufb65\ufb66\ufb67\ufb68\ufb69\ufb6a\ufb6b\ufb6c\ufb6d\ufb6e\ufb6f\ufb70\ufb71\ufb72\ufb73\ufb74\ufb75",
    "\ufb76\ufb77\ufb78\ufb79\ufb7a\ufb7b\ufb7c\ufb7d\ufb7e\ufb7f\ufb80\ufb81\ufb82\ufb83\ufb84\ufb85\ufb86\ufb87\ufb88\ufb89\ufb8a\ufb8b\ufb8c\ufb8d",
    "\ufb8e\ufb8f\ufb90\ufb91\ufb92\ufb93\ufb94\ufb95\ufb96\ufb97\ufb98\ufb99\ufb9a\ufb9b\ufb9c\ufb9d\ufb9e\ufb9f\ufba0\ufba1\ufba2\ufba3\ufba4\ufba5",
    "\ufba6\ufba7\ufba8\ufba9\ufbaa\ufbab\ufbac\ufbad\ufbae\ufbaf\ufbb0\ufbb1\ufbd3\ufbd4\ufbd5\ufbd6\ufbd7\ufbd8\ufbd9\ufbda\ufbdb\ufbdc\ufbde\ufbdf",
    "\ufbe0\ufbe1\ufbe2\ufbe3\ufbe4\ufbe5\ufbe6\ufbe7\ufbe8\ufbe9\ufbfc\ufbfd\ufbfe\ufbff\ufe80\ufe81\ufe82\ufe83\ufe84\ufe85\ufe86\ufe87\ufe88\ufe89",
    "\ufe8a\ufe8b\ufe8c\ufe8d\ufe8e\ufe8f\ufe90\ufe91\ufe92\ufe93\ufe94\ufe95\ufe96\ufe97\ufe98\ufe99\ufe9a\ufe9b\ufe9c\ufe9d\ufe9e\ufe9f\ufea0\ufea1",
    "\ufea2\ufea3\ufea4\ufea5\ufea6\ufea7\ufea8\ufea9\ufeaa\ufeab\ufeac\ufead\ufeae\ufeaf\ufeb0\ufeb1\ufeb2\ufeb3\ufeb4\ufeb5\ufeb6\ufeb7\ufeb8\ufeb9",
    "\ufeba\ufebb\ufebc\ufebd\ufebe\ufebf\ufec0\ufec1\ufec2\ufec3\ufec4\ufec5\ufec6\ufec7\ufec8\ufec9\ufeca\ufecb\ufecc\ufecd\ufece\ufecf\ufed0\ufed1",
    "\ufed2\ufed3\ufed4\ufed5\ufed6\ufed7\ufed8\ufed9\ufeda\ufedb\ufedc\ufedd\ufede\ufedf\ufee0\ufee1\ufee2\ufee3\ufee4\ufee5\ufee6\ufee7\ufee8\ufee9",
    "\ufeea\ufeeb\ufeec\ufeed\ufeee\ufeef\ufef0\ufef1\ufef2\ufef3\ufef4"
  ] | join('') -%}
  {%- set wanted = [
    "\u06cc\u06cc\u06a9\u0647\u0647.-----x;,\u0022\u002200112233",
    "445566778899",
    "             ",
    "           ",
    "!\u0022#$%&'()*+,",
    "-./0123456789:;<=>?@ABCD",
    "EFGHIJKLMNOPQRSTUVWXYZ[\u005c",
    "]^_`abcdefghijklmnopqrst",
    "uvwxyz{|}~\u0671\u0671\u067b\u067b\u067b\u067b\u067e\u067e\u067e\u067e\u0680\u0680\u0680\u0680",
    "\u067a\u067a\u067a\u067a\u067f\u067f\u067f\u067f\u0679\u0679\u0679\u0679\u06a4\u06a4\u06a4\u06a4\u06a6\u06a6\u06a6\u06a6\u0684\u0684\u0684\u0684",
    "\u0683\u0683\u0683\u0683\u0686\u0686\u0686\u0686\u0687\u0687\u0687\u0687\u068d\u068d\u068c\u068c\u068e\u068e\u0688\u0688\u0698\u0698\u0691\u0691",
    "\u06a9\u06a9\u06a9\u06a9\u06af\u06af\u06af\u06af\u06b3\u06b3\u06b3\u06b3\u06b1\u06b1\u06b1\u06b1\u06ba\u06ba\u06bb\u06bb\u06bb\u06bb\u0647\u0647",
    "\u06c1\u06c1\u06c1\u06c1\u06be\u06be\u06be\u06be\u06d2\u06d2\u06d3\u06d3\u06ad\u06ad\u06ad\u06ad\u06c7\u06c7\u06c6\u06c6\u06c8\u06c8\u06cb\u06cb",
    "\u06c5\u06c5\u06c9\u06c9\u06d0\u06d0\u06d0\u06d0\u06cc\u06cc\u06cc\u06cc\u06cc\u06cc\u0621\u0622\u0622\u0623\u0623\u0624\u0624\u0625\u0625\u0626",
    "\u0626\u0626\u0626\u0627\u0627\u0628\u0628\u0628\u0628\u0647\u0647\u062a\u062a\u062a\u062a\u062b\u062b\u062b\u062b\u062c\u062c\u062c\u062c\u062d",
    "\u062d\u062d\u062d\u062e\u062e\u062e\u062e\u062f\u062f\u0630\u0630\u0631\u0631\u0632\u0632\u0633\u0633\u0633\u0633\u0634\u0634\u0634\u0634\u0635",
    "\u0635\u0635\u0635\u0636\u0636\u0636\u0636\u0637\u0637\u0637\u0637\u0638\u0638\u0638\u0638\u0639\u0639\u0639\u0639\u063a\u063a\u063a\u063a\u0641",
    "\u0641\u0641\u0641\u0642\u0642\u0642\u0642\u06a9\u06a9\u06a9\u06a9\u0644\u0644\u0644\u0644\u0645\u0645\u0645\u0645\u0646\u0646\u0646\u0646\u0647",
    "\u0647\u0647\u0647\u0648\u0648\u06cc\u06cc\u06cc\u06cc\u06cc\u06cc"
  ] | join('') -%}
  {{ return((found, wanted)) }}
{%- endmacro %}

{% macro default__normalize_text(column) -%}
  {%- set found, wanted = text_pairs() -%}
  {#- What NFKC takes apart: ligatures of Arabic and Latin script, units in one character; and the comparators. -#}
  {%- set expansions = {
    "\ufef5": "\u0644\u0622", "\ufef6": "\u0644\u0622", "\ufef7": "\u0644\u0623", "\ufef8": "\u0644\u0623",
    "\ufef9": "\u0644\u0625", "\ufefa": "\u0644\u0625", "\ufefb": "\u0644\u0627", "\ufefc": "\u0644\u0627",
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\u339c": "mm", "\u339d": "cm", "\u2026": "...", "\u2264": "<=", "\u2265": ">=", "\u066c": "",
  } -%}
  {%- set folded = namespace(sql="nfc_normalize(" ~ column ~ ")") -%}
  {%- for character, text in expansions.items() -%}
    {%- set folded.sql = "replace(" ~ folded.sql ~ ", '" ~ character ~ "', '" ~ text ~ "')" -%}
  {%- endfor -%}
  {#- DuckDB's translate takes in its two lists anew for every text, and they are long: plain ASCII, most of all texts,
      does without them (a tab is a blank to the patterns below), and few need the forms that follow the spellings. -#}
  {%- set spellings = found.index("\uff01") -%}
  replace(trim(regexp_replace(regexp_replace(regexp_replace(lower(case
    when not regexp_matches({{ column }}, '[^\x00-\x7f]') then {{ column }}
    when not regexp_matches({{ column }}, '[{{ found[spellings:] }}]')
      then translate({{ folded.sql }}, '{{ found[:spellings] }}', '{{ wanted[:spellings] }}')
    else translate({{ folded.sql }}, '{{ found }}', '{{ wanted | replace("'", "''") }}')
  end), '^\s+|\s+$', '', 'g'), '[\r\n]+', ' ; ', 'g'), '\s+', ' ', 'g')), 'tumour', 'tumor')
{%- endmacro %}

{#- The seed behind a list of phrases: a field with own words of the hospital is read by a list of its own, named
    <seed>/<extract>.<field>. -#}
{% macro our_list(vocabulary) -%}
  split_part({{ vocabulary }}, '/', 1)
{%- endmacro %}

{#- A phrase as it is looked up: normalized, and without marks at its end. -#}
{% macro normalize_phrase(column) -%}
  {{ bare_text(normalize_text(column)) }}
{%- endmacro %}
