# Rscript data_table.R FOLDER OUT.csv: the job by data.table and survival.
#
# Reads the three extracts of FOLDER and writes the flow into the cohort, the patients at each level of each factor,
# survival at 1, 3 and 5 years, and the Cox models of each factor alone and of those selected together, as rows of
# (kind, name, level, value). The last line of its output is the seconds by step, as JSON.
#
# A script for these files: it knows the spellings that they hold and no others, gives no reason why a value is unknown
# and keeps no trace of a row. Texts are read once for each distinct one. data.table takes as many threads as it does by
# default: half the cores, or R_DATATABLE_NUM_THREADS.

suppressPackageStartupMessages({
  library(data.table)
  library(survival)
})

arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
out <- arguments[2]

missing_words <- c("", "-999", "na", "\u0646\u0627\u0645\u0634\u062e\u0635", "-")
days_per_month <- 30.4375
factors <- list(
  age_group = c("<65", ">=65"),
  sex = c("female", "male"),
  chronology = c("synchronous", "metachronous"),
  neoadjuvant_therapy = c("no", "yes"),
  metastasis_count_group = c("<3", ">=3"),
  size_group = c("<6 cm", ">=6 cm"),
  hepatectomy_extent = c("minor", "major"),
  lymphovascular_invasion = c("no", "yes"),
  perineural_invasion = c("no", "yes"),
  tumor_regression = c("poor", "partial", "complete"),
  steatosis_grade = c("0", "1", "2", "3"),
  tumor_grade = c("well", "moderate", "poor"),
  primary_site = c("colon", "rectum"),
  surgical_approach = c("colon_first", "liver_first", "simultaneous"),
  interval_group = c("<=12", ">12"),
  resection_status = c("R0", "R1", "R2"),
  margin_group = c(">1 mm", "1 mm", "<1 mm"),
  lobar_involvement = c("unilobar", "bilobar")
)
forced <- c("age_group", "sex")
excluded <- c(
  "margin_group", "lymphovascular_invasion", "tumor_grade", "steatosis_grade", "surgical_approach", "interval_group"
)
selection_p <- 0.10

# --- reading ---

by_distinct <- function(x, read) {
  distinct <- unique(x)
  read(distinct)[match(x, distinct)]
}

normalized <- function(x) {
  persian <- "\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9"
  arabic <- "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669"
  x <- chartr(paste0(persian, arabic), "01234567890123456789", x)
  x <- chartr("\u064a\u0643\u200c\u00a0", "\u06cc\u06a9  ", x)
  x <- trimws(gsub("[[:space:]]+", " ", tolower(x)))
  x[x %in% missing_words] <- NA
  x
}

load_extract <- function(name, delimiter, columns, key) {
  rows <- fread(
    file.path(folder, paste0(name, "_synthetic.csv")),
    sep = delimiter, quote = "\"", colClasses = "character", select = unname(columns), encoding = "UTF-8",
    na.strings = NULL, strip.white = FALSE
  )
  setnames(rows, names(columns))
  rows <- unique(rows)
  for (column in names(rows)) set(rows, j = column, value = by_distinct(rows[[column]], normalized))
  # Rows that share a key and differ cannot both be true.
  rows[, shared := .N, by = key]
  rows[shared == 1][, shared := NULL][]
}

# The value of the first pattern that a text contains (or is, with ^ and $); NA where none does.
first_match <- function(x, patterns) {
  by_distinct(x, function(distinct) {
    value <- rep(NA_character_, length(distinct))
    for (name in names(patterns)) {
      value[is.na(value) & !is.na(distinct) & grepl(patterns[[name]], distinct, perl = TRUE)] <- name
    }
    value
  })
}
whole <- function(patterns) lapply(patterns, function(pattern) paste0("^(?:", pattern, ")$"))

dates <- function(x, format) by_distinct(x, function(d) as.IDate(gsub("[./]", "-", d), format = format))

# Jalali years of 1344 to 1472 are leap by the remainder of 33; 1 Farvardin 1390 was 21 March 2011.
jalali_dates <- function(x) {
  by_distinct(x, function(distinct) {
    parts <- tstrsplit(distinct, "[-/]", type.convert = TRUE)
    year <- parts[[1]]
    month <- parts[[2]]
    leap_days <- function(y) 8 * ((y - 1) %/% 33) + pmin(7, ((y - 1) %% 33 + 3) %/% 4)
    before <- 365 * (year - 1390) + leap_days(year) - leap_days(1390)
    of_year <- ifelse(month <= 6, 31 * (month - 1), 186 + 30 * (month - 7)) + parts[[3]] - 1
    as.IDate("2011-03-21") + as.integer(before + of_year)
  })
}

add_months <- function(days, months) {
  by_distinct(days, function(day) {
    total <- year(day) * 12L + month(day) - 1L + months
    y <- total %/% 12L
    m <- total %% 12L + 1L
    leap <- (y %% 4 == 0 & y %% 100 != 0) | y %% 400 == 0
    last <- c(31L, 28L, 31L, 30L, 31L, 30L, 31L, 31L, 30L, 31L, 30L, 31L)[m] + (m == 2L & leap)
    as.IDate(sprintf("%04d-%02d-%02d", y, m, pmin(mday(day), last)), optional = TRUE)
  })
}

# Numbers as intervals [low, high], lengths in mm; what cannot be read may be anything.
interval <- function(x, unit) {
  distinct <- unique(x)
  pattern <- paste0(
    "^(?:about |closest margin |~)?([<>]=?)? ?([0-9]+(?:[.,][0-9]+)?)(?:-([0-9]+(?:[.][0-9]+)?))?",
    "(?: x [0-9.]+ x [0-9.]+)? ?(mm|cm)?$"
  )
  readable <- grepl(pattern, distinct, perl = TRUE)
  part <- function(number) {
    fifelse(readable, sub(pattern, paste0("\\", number), distinct, perl = TRUE), "")
  }
  sign <- part(1)
  named <- part(4)
  factor <- fifelse(named == "cm" | (named == "" & unit == "cm"), 10, 1)
  one <- round(suppressWarnings(as.numeric(sub(",", ".", part(2)))) * factor, 6)
  other <- round(suppressWarnings(as.numeric(part(3))) * factor, 6)
  other[is.na(other)] <- one[is.na(other)]
  anything <- !readable & !is.na(distinct)
  low <- fifelse(anything | startsWith(sign, "<"), 0, one)
  high <- fifelse(anything | startsWith(sign, ">"), Inf, other)
  data.table(low, high, above = sign == ">", below = sign == "<")[match(x, distinct)]
}

# --- from rows to a cohort ---

hepatectomy <- "\u0647\u067e\u0627\u062a\u06a9\u062a\u0648\u0645\u06cc"
right_left <- "\u0631\u0627\u0633\u062a|\u0686\u067e"
metastasectomy <- "\u0645\u062a\u0627\u0633\u062a\u0627\u0632\u06a9\u062a\u0648\u0645\u06cc"
segmentectomy <- "\u0633\u06af\u0645\u0646\u062a\u06a9\u062a\u0648\u0645\u06cc"
simultaneous <- "\u0647\u0645\u0632\u0645\u0627\u0646"

read_operations <- function() {
  rows <- load_extract("operative", ",", c(
    patient = "MRN", operation = "OP_ID", date = "Op date", procedure = "Procedure", lobes = "Lobes",
    seeding = "Seeding", approach = "Approach", sex = "Gender", birth = "DOB", site = "Primary",
    primary_resected = "Primary op date", metastasis = "Mets dx date", chronology = "Sync/Meta",
    neoadjuvant = "Neoadjuvant", regimen = "Regimen"
  ), c("patient", "operation"))
  for (column in c("date", "birth", "primary_resected", "metastasis")) {
    set(rows, j = column, value = dates(rows[[column]], "%Y-%m-%d"))
  }
  rows[, extent := first_match(procedure, list(
    none = "colectomy|anterior resection|abdominoperineal",
    major = paste0("(?:right|left) (?:hemi)?hepatectomy|sectionectomy|", hepatectomy, " (?:", right_left, ")"),
    minor = paste0(
      "wedge|anatomical|segmentectomy|metastasectomy|caudate|", metastasectomy, "|", segmentectomy
    )
  ))]
  yes_no <- list(yes = "yes|\u0628\u0644\u0647", no = "no|\u062e\u06cc\u0631")
  words <- list(
    sex = list(female = "f|female|\u0632\u0646", male = "m|male|\u0645\u0631\u062f"),
    site = list(
      rectum = "rectum|\u0631\u06a9\u062a\u0648\u0645",
      colon = ".*(?:colon|sigmoid|cecum).*|\u0633\u06cc\u06af\u0645\u0648\u0626\u06cc\u062f|\u06a9\u0648\u0644\u0648\u0646"
    ),
    chronology = list(
      synchronous = paste0("sync.*|", simultaneous), metachronous = paste0("meta.*|\u063a\u06cc\u0631", simultaneous)
    ),
    approach = list(
      colon_first = "colon.first", liver_first = "liver.first",
      simultaneous = paste0("simultaneous|", simultaneous)
    ),
    seeding = yes_no,
    neoadjuvant = yes_no,
    lobes = list(bilobar = "bilobar|both lobes|bilateral|\u062f\u0648\u0637\u0631\u0641\u0647", unilobar = ".*")
  )
  for (column in names(words)) {
    set(rows, j = column, value = first_match(rows[[column]], whole(words[[column]])))
  }
  rows[]
}

# The first value of each patient; NA where there are none, or where they differ.
agreed <- function(rows, column) {
  values <- unique(rows[!is.na(rows[[column]]), c("patient", column), with = FALSE])
  values <- values[, shared := .N, by = patient][shared == 1, c("patient", column), with = FALSE]
  setkey(values, patient)
  values[]
}

# The first liver resection of each patient; rows of one day are one operation.
index_operations <- function(rows) {
  first <- rows[is.na(extent) | extent != "none", .(date = min(date)), keyby = patient]
  index <- rows[first, on = .(patient, date)]
  cases <- copy(first)
  operation <- c("lobes", "seeding", "neoadjuvant", "chronology", "approach", "regimen", "primary_resected", "metastasis")
  for (column in operation) cases <- agreed(index, column)[cases, on = "patient"]
  for (column in c("sex", "site", "birth")) cases <- agreed(rows, column)[cases, on = "patient"]
  liver <- index[is.na(extent) | extent != "none"]
  # Plain sums and extremes, which data.table groups without calling R for each patient.
  liver[, `:=`(major = extent %in% "major", unclear = is.na(extent))]
  extents <- liver[, .(major = max(major), unclear = max(unclear)), by = patient]
  extents[, extent := fcase(major == 1, "major", unclear == 0, "minor")]
  extents[, .(patient, extent)][cases, on = "patient"]
}

read_specimens <- function(rows, cases) {
  reports <- load_extract("pathology", ";", c(
    patient = "MRN", specimen = "Accession No", operation = "Operation No", taken = "Procedure date",
    reported = "Report date", organ = "Organ", diagnosis = "Histology", count = "No. of mets",
    size = size_header, margin = "Margin", margin_status = "Margin status", grade = "Grade", lvi = "LVI",
    pni = "PNI", steatosis = "Steatosis", regression = "Regression"
  ), c("patient", "specimen", "reported"))
  named <- unique(reports$patient)
  reports[, `:=`(taken = dates(taken, "%d-%m-%Y"), reported = dates(reported, "%d-%m-%Y"), row = .I)]

  # To an operation by its number, else by its date, else by a report within sixty days.
  reports[rows[!is.na(operation)], date := i.date, on = .(patient, operation)]
  operated <- unique(rows[, .(patient, date, day = date)])
  by_day <- operated[reports[is.na(date) & !is.na(taken)], on = .(patient, date = taken), nomatch = NULL, .(row, day)]
  reports[by_day, date := i.day, on = "row"]
  liver <- unique(rows[is.na(extent) | extent != "none", .(patient, operated = date)])
  later <- liver[reports[is.na(date) & is.na(taken)], on = "patient", nomatch = NULL, allow.cartesian = TRUE]
  later <- later[reported >= operated & reported - operated <= 60, .(day = max(operated)), by = row]
  reports[later, date := i.day, on = "row"]

  reports <- reports[cases[, .(patient, date)], on = .(patient, date), nomatch = NULL]
  # Of several reports the latest that says something: an addendum completes and blanks nothing.
  setorder(reports, reported, row)
  reports[, reports := .N, by = .(patient, specimen)]
  texts <- c("organ", "diagnosis", "count", "size", "margin", "margin_status", "grade", "lvi", "pni", "steatosis", "regression")
  several <- reports[reports > 1, lapply(.SD, function(x) last(x[!is.na(x)])[1]), by = .(patient, specimen), .SDcols = texts]
  specimens <- rbind(reports[reports == 1, c("patient", "specimen", texts), with = FALSE], several)
  list(named = named, specimens = specimens[is.na(organ) | organ == "liver"])
}

# The highest of coded values by patient, as the words that they stand for.
highest <- function(specimens, values, names) {
  found <- data.table(patient = specimens$patient, value = values)[!is.na(value), .(value = max(value)), by = patient]
  found[, value := names[value]][]
}

read_findings <- function(specimens) {
  codes <- function(column, patterns) as.integer(first_match(specimens[[column]], whole(patterns)))
  invasion <- list(`2` = "present|yes|positive|pn1", `1` = "not identified|absent|no|negative|pn0")
  steatosis <- by_distinct(specimens$steatosis, function(distinct) {
    words <- c(none = 1L, `<5%` = 1L, `0` = 1L, mild = 2L, moderate = 3L, severe = 4L)
    percent <- rep(NA_real_, length(distinct))
    is_percent <- grepl("^[0-9]+ ?%$", distinct)
    percent[is_percent] <- as.numeric(sub(" ?%", "", distinct[is_percent]))
    grade <- 1L + (percent >= 5) + (percent > 33) + (percent > 66)
    fifelse(is.na(grade), unname(words[distinct]), grade)
  })
  found <- list(
    tumor_grade = highest(
      specimens, codes("grade", list(`1` = "well.*|g1", `2` = "moderate.*|g2", `3` = "poor.*|g3")),
      c("well", "moderate", "poor")
    ),
    lymphovascular_invasion = highest(specimens, codes("lvi", invasion), c("no", "yes")),
    perineural_invasion = highest(specimens, codes("pni", invasion), c("no", "yes")),
    tumor_regression = highest(
      specimens, codes("regression", list(
        `1` = "complete.*|trg 1.*", `2` = "partial.*|trg [23].*", `3` = "poor.*|trg [45].*"
      )), c("complete", "partial", "poor")
    ),
    steatosis_grade = highest(specimens, steatosis, c("0", "1", "2", "3"))
  )

  metastatic <- "\u0645\u062a\u0627\u0633\u062a\u0627\u062a\u06cc\u06a9"
  diagnosis <- as.integer(first_match(specimens$diagnosis, list(
    `4` = paste0("metastatic|", metastatic), `3` = "no residual tumor|no viable tumor|complete path",
    `1` = "hemangioma", `2` = "hyperplasia"
  )))
  worst <- data.table(patient = specimens$patient, diagnosis = fcoalesce(diagnosis, 0L), open = is.na(diagnosis))
  worst <- worst[, .(known = max(diagnosis), open = max(open)), by = patient]
  worst[known == 0 | (open & known < 3), known := NA]
  found$diagnosis <- worst[, .(patient, value = known)]

  counts <- interval(fifelse(specimens$count == "multiple", ">=2", specimens$count), "")
  counts <- cbind(patient = specimens$patient, counts)[!is.na(low), .(low = sum(low), high = sum(high)), by = patient]
  found$metastasis_count_group <- counts[, .(
    patient, value = fcase(low >= 3, ">=3", high < 3, "<3")
  )]
  sizes <- cbind(patient = specimens$patient, interval(specimens$size, "cm"))
  sizes <- sizes[!is.na(low), .(low = max(low), high = max(high)), by = patient]
  found$size_group <- sizes[, .(patient, value = fcase(low >= 60, ">=6 cm", high < 60, "<6 cm"))]
  margins <- read_margins(specimens)
  found$resection_status <- margins[, .(patient, value = status)]
  found$margin_group <- margins[, .(patient, value = group)]
  found
}

read_margins <- function(specimens) {
  text <- specimens$margin
  distance <- text
  distance[text %in% c("involved", "positive", "at ink")] <- "0"
  distance[text %in% c("cannot be assessed", "free")] <- NA
  margin <- cbind(patient = specimens$patient, interval(distance, "mm"))
  # A word speaks where there is no distance: involved is 0 mm, free is above it.
  status <- specimens$margin_status
  status[text %in% "free"] <- "free"
  silent <- is.na(margin$low)
  margin[, `:=`(
    involved = silent & status %in% c("involved", "positive"), below_limit = silent & status %in% "r1",
    free = silent & status %in% c("free", "negative"), at_least = silent & status %in% "r0"
  )]
  margin[involved | free | below_limit, low := 0]
  margin[at_least == TRUE, low := 1]
  margin[involved == TRUE, high := 0]
  margin[below_limit == TRUE, `:=`(high = 1, below = TRUE)]
  margin[free | at_least, high := Inf]
  margin[, `:=`(r1 = high < 1 | (high == 1 & below), r0 = low >= 1 | free)]
  # An open end is a little beside the number.
  margin[above == TRUE, low := low + 1e-9]
  margin[below == TRUE, high := high - 1e-9]
  margin <- margin[!is.na(low), .(low = min(low), high = min(high), r1 = max(r1), r0 = min(r0)), by = patient]
  margin[, .(
    patient, status = fcase(r1 == 1, "R1", r0 == 1, "R0"),
    group = fcase(high < 1, "<1 mm", low == 1 & high == 1, "1 mm", low > 1, ">1 mm")
  )]
}

read_follow_up <- function() {
  contacts <- load_extract("follow_up", ",", c(
    patient = "\u0634\u0645\u0627\u0631\u0647 \u067e\u0631\u0648\u0646\u062f\u0647",
    contact = "\u062a\u0627\u0631\u06cc\u062e \u062a\u0645\u0627\u0633",
    status = "\u0648\u0636\u0639\u06cc\u062a",
    death = "\u062a\u0627\u0631\u06cc\u062e \u0641\u0648\u062a",
    source = "\u0645\u0646\u0628\u0639"
  ), c("patient", "contact", "source"))
  dead_words <- c("\u0641\u0648\u062a \u0634\u062f\u0647", "\u0641\u0648\u062a", "dead")
  contacts[, `:=`(contact = jalali_dates(contact), death = jalali_dates(death))]
  contacts[, dead := status %in% dead_words | !is.na(death)]
  living <- contacts[, .(contact = max(contact, na.rm = TRUE), dead = max(dead)), by = patient]
  deaths <- contacts[!is.na(death), .(death = max(death)), by = patient]
  deaths[living, on = "patient"]
}

size_header <- "Max size (cm) "

read_cohort <- function() {
  rows <- read_operations()
  cases <- index_operations(rows)
  pathology <- read_specimens(rows, cases)
  follow_up <- read_follow_up()
  all_reported <- fread(
    file.path(folder, "pathology_synthetic.csv"), sep = ";", colClasses = "character", select = "MRN", encoding = "UTF-8"
  )$MRN
  patients <- unique(c(rows$patient, by_distinct(all_reported, normalized), follow_up$patient))

  findings <- read_findings(pathology$specimens)
  for (name in names(findings)) cases[findings[[name]], (name) := i.value, on = "patient"]
  cases[follow_up, `:=`(contact = i.contact, dead = i.dead, death = i.death), on = "patient"]
  flow <- list(list("All patients", length(patients)), list("First liver resection", nrow(cases)))
  step <- function(name, out) {
    cases <<- cases[!out]
    flow[[length(flow) + 1]] <<- list(name, nrow(cases))
  }
  step("No metastatic seeding", cases$seeding %in% "yes")
  step("Final pathology not hemangioma", cases$diagnosis %in% 1L)
  step("Colorectal metastasis (cohort)", cases$diagnosis %in% 2L)
  list(cohort = derived(cases), flow = rbindlist(flow))
}

derived <- function(cases) {
  day_of_year <- function(x) month(x) * 100L + mday(x)
  cases[, age := year(date) - year(birth) - (day_of_year(date) < day_of_year(birth))]
  cases[, age_group := fcase(age < 65, "<65", age >= 65, ">=65")]
  cases[, by_dates := fcase(
    metastasis > add_months(primary_resected, 6L), "metachronous",
    metastasis <= add_months(primary_resected, 6L), "synchronous"
  )]
  cases[, chronology := fcoalesce(by_dates, chronology)]
  cases[chronology == "metachronous", interval_group := fcase(
    metastasis <= add_months(primary_resected, 12L), "<=12", metastasis > add_months(primary_resected, 12L), ">12"
  )]
  cases[chronology == "synchronous", surgical_approach := fcoalesce(fcase(
    primary_resected < date, "colon_first", primary_resected > date, "liver_first",
    primary_resected == date, "simultaneous"
  ), approach)]
  cases[, neoadjuvant_therapy := fcase(
    neoadjuvant == "yes" | (is.na(neoadjuvant) & !is.na(regimen)), "yes", neoadjuvant == "no" & is.na(regimen), "no"
  )]
  cases[neoadjuvant_therapy == "no", tumor_regression := NA]
  setnames(cases, c("extent", "site", "lobes"), c("hepatectomy_extent", "primary_site", "lobar_involvement"))
  cases[, died := dead %in% 1]
  cases[, days := as.integer(fifelse(died, death, contact)) - as.integer(date)]
  cases[died == FALSE & is.na(days), days := 0L]
  cases[, days := pmax(days, 0L)]
  cases[]
}

# --- statistics ---

# A Cox model on complete cases; factors with one level there take no part.
fit_cox <- function(cohort, names) {
  known <- na.omit(cohort[, c(names, "days", "died"), with = FALSE])
  # A level without deaths has no finite coefficient: its patients are left out.
  for (name in names) known <- known[known[[name]] %in% unique(known[[name]][known$died])]
  for (name in names) {
    levels <- factors[[name]][factors[[name]] %in% known[[name]]]
    if (length(levels) == 1 && length(names) > 1) return(fit_cox(cohort, setdiff(names, name)))
    set(known, j = name, value = factor(known[[name]], levels))
  }
  fit <- coxph(reformulate(names, "Surv(days, died)"), known, ties = "breslow", model = FALSE, y = FALSE)
  terms <- rbindlist(lapply(names, function(name) data.table(name, level = levels(known[[name]])[-1])))
  coefficients <- coef(fit)
  terms[, `:=`(value = coefficients, p = 2 * pnorm(-abs(coefficients / sqrt(diag(vcov(fit))))))]
  terms[]
}

started <- proc.time()[["elapsed"]]
read <- read_cohort()
cohort <- read$cohort
results <- list(data.table(kind = "flow", name = read$flow[[1]], level = "", value = read$flow[[2]]))
put <- function(kind, name, level, value) {
  results[[length(results) + 1]] <<- data.table(kind = kind, name = name, level = level, value = as.numeric(value))
}
put("count", "died", "true", sum(cohort$died))
for (name in names(factors)) {
  put("count", name, factors[[name]], table(factor(cohort[[name]], factors[[name]])))
  put("count", name, "unknown", sum(is.na(cohort[[name]])))
}
cohort_done <- proc.time()[["elapsed"]]

months <- c(12, 36, 60)
curve <- survfit(Surv(days, died) ~ 1, cohort, se.fit = FALSE)
put("survival", "overall", as.character(months), summary(curve, times = months * days_per_month, extend = TRUE)$surv)
curve_done <- proc.time()[["elapsed"]]

selected <- character()
for (name in names(factors)) {
  model <- fit_cox(cohort, name)
  put("cox_univariable", model$name, model$level, model$value)
  if (!(name %in% excluded) && (name %in% forced || any(model$p < selection_p))) selected <- c(selected, name)
}
model <- fit_cox(cohort, selected)
put("cox_multivariable", model$name, model$level, model$value)
cox_done <- proc.time()[["elapsed"]]

results <- rbindlist(results)
results[, value := sprintf("%.17g", value)]
fwrite(results, out)
cat(sprintf(
  "{\"cohort\": %.3f, \"survival\": %.3f, \"Cox models\": %.3f}\n",
  cohort_done - started, curve_done - cohort_done, cox_done - curve_done
))
