# Golden numbers of cohort statistics, for tests/test_absolute_benefit.py, tests/test_overfitting.py
# and tests/test_competing_risks.py. Run here: Rscript reference.R (package survival: see
# versions.txt). Writes lung.csv (time, event, sex), competing.csv and golden.csv.
library(survival)
data <- lung[, c("time", "status", "sex")]
data$event <- as.integer(data$status == 2)
write.csv(data[, c("time", "event", "sex")], "lung.csv", row.names = FALSE, quote = FALSE)
out <- data.frame(name = character(), value = character())
add <- function(name, value) out <<- rbind(out, data.frame(name = name, value = trimws(formatC(value, digits = 12, format = "g"))))
for (sex in 1:2) {
  s <- summary(survfit(Surv(time, event) ~ 1, data = data[data$sex == sex, ]), times = 365)
  add(paste0("survival.", sex), s$surv); add(paste0("std_error.", sex), s$std.err)
}
fit <- coxph(Surv(time, event) ~ sex, data = data)
add("chi_squared.lung", summary(fit)$logtest[["test"]])
add("p_value.lung", summary(fit)$logtest[["pvalue"]])
add("chi_squared.0.022.19", qchisq(0.022, 19, lower.tail = FALSE))
# Competing risks: the first 120 patients of mgus2; progression (pcm) or death, whichever is first.
m <- mgus2[1:120, ]
m$time <- ifelse(m$pstat == 1, m$ptime, m$futime) + seq_len(120) / 1000  # no ties
m$type <- ifelse(m$pstat == 1, 1, 2 * m$death)
write.csv(m[, c("time", "type")], "competing.csv", row.names = FALSE, quote = FALSE)
aj <- survfit(Surv(time, factor(type, 0:2)) ~ 1, data = m)
times <- c(60, 120, 240)
add_at <- function(name, values) for (k in seq_along(times)) add(paste0(name, ".", times[k]), values[k])
add_at("incidence", summary(aj, times = times)$pstate[, 2])
add_at("free_of_event", summary(survfit(Surv(time, type == 1) ~ 1, data = m), times = times)$surv)
add_at("free_of_competing", summary(survfit(Surv(time, type == 2) ~ 1, data = m), times = times)$surv)
write.csv(out, "golden.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("survival", packageVersion("survival"))), "versions.txt")
