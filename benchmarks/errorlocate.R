# Cases and rules in, as benchmarks/diagnosis.py writes them; the cells that errorlocate blames out.
# Rscript errorlocate.R RULES.txt CASES.csv FOUND.csv
suppressPackageStartupMessages({
  library(validate)
  library(errorlocate)
})
given <- commandArgs(trailingOnly = TRUE)
rules <- validator(.file = given[1])
cases <- read.csv(given[2])
set.seed(1)
begun <- proc.time()[["elapsed"]]
located <- locate_errors(cases, rules)
taken <- proc.time()[["elapsed"]] - begun
blamed <- values(located)
blamed[is.na(blamed)] <- FALSE
write.csv(blamed, given[3], row.names = FALSE)
cat(sprintf("%.1f", 1000 * taken / nrow(cases)))
