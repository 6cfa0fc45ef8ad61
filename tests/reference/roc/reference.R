# Golden numbers for tests/test_roc_curve.py and tests/test_roc.py (binary test).
# Run here: Rscript reference.R (R 4.2.2, pROC of Debian 12, see versions.txt). Scores are those
# of ../effects/scores.csv.
suppressMessages(library(pROC))
var <- pROC::var
scores <- read.csv("../effects/scores.csv")
number <- function(v) trimws(formatC(as.numeric(v), digits = 12, format = "g"))
out <- NULL
add <- function(what, score, at, value, source)
  out <<- rbind(out, data.frame(what = what, score = score, at = number(at), value = number(value),
                                source = source))
at <- c(0.95, 0.9, 0.8, 0.7, 0.45)
for (score in c("skewed", "noisy", "graded")) {
  curve <- roc(scores$ill, scores[[score]], direction = "<", quiet = TRUE)
  found <- coords(curve, x = at, input = "specificity", ret = "sensitivity")$sensitivity
  for (i in seq_along(at)) add("sensitivity", score, at[i], found[i], "coords(input = 'specificity')")
  add("points", score, NA, length(curve$thresholds), "length(roc()$thresholds)")
  add("sum of sensitivities", score, NA, sum(curve$sensitivities), "sum(roc()$sensitivities)")
  add("sum of specificities", score, NA, sum(curve$specificities), "sum(roc()$specificities)")
}
set.seed(4)
curve <- roc(scores$ill, scores$skewed, direction = "<", quiet = TRUE)
band <- ci.se(curve, specificities = at, boot.n = 20000, progress = "none")
for (i in seq_along(at)) {
  add("band low", "skewed", at[i], band[i, 1], "ci.se(boot.n = 20000), set.seed(4)")
  add("band high", "skewed", at[i], band[i, 3], "ci.se(boot.n = 20000), set.seed(4)")
}
# A yes-or-no test: tp 45, fp 10, fn 15, tn 80.
truth <- rep(c(1, 0), c(60, 90))
call <- c(rep(1, 45), rep(0, 15), rep(1, 10), rep(0, 80))
binary <- roc(truth, call, direction = "<", quiet = TRUE)
add("auc", "binary", NA, auc(binary), "auc(roc(truth, call))")
add("std_error", "binary", NA, sqrt(var(binary, method = "delong")), "sqrt(var(method = 'delong'))")
limits <- ci.auc(binary, method = "delong")
add("conf_low", "binary", NA, limits[1], "ci.auc(method = 'delong')")
add("conf_high", "binary", NA, limits[3], "ci.auc(method = 'delong')")
# Two areas of the same patients: what their covariance makes of the difference.
first <- roc(scores$ill, scores$skewed, direction = "<", quiet = TRUE)
second <- roc(scores$ill, scores$noisy, direction = "<", quiet = TRUE)
third <- roc(scores$ill, scores$graded, direction = "<", quiet = TRUE)
pair <- c(var(first), var(second), pROC::cov(first, second))
add("correlation", "skewed, noisy", NA, pair[3] / sqrt(pair[1] * pair[2]), "cov / sqrt(var var)")
test <- roc.test(first, second, method = "delong", paired = TRUE)
add("p_value", "skewed, noisy", NA, test$p.value, "roc.test(method = 'delong', paired = TRUE)")
add("statistic", "skewed, noisy", NA, test$statistic, "roc.test(method = 'delong', paired = TRUE)")
# Three areas, any two with correlation 0.4: generalised least squares by stats::mahalanobis.
areas <- c(auc(first), auc(second), auc(third))
errors <- sqrt(c(var(first), var(second), var(third)))
sigma <- outer(errors, errors) * (0.4 + 0.6 * diag(3))
gls <- sum(solve(sigma, areas)) / sum(solve(sigma))
chi2 <- mahalanobis(areas, rep(gls, 3), sigma)
add("equality", "all three", 0.4, chi2, "mahalanobis(areas, gls mean, sigma)")
add("equality p", "all three", 0.4, pchisq(chi2, 2, lower.tail = FALSE), "pchisq(df = 2)")
# The area of a useless score: P(U >= u) of 16 and 17.
for (u in c(136, 190, 215, 250))
  add("at least", "16 and 17", u / 272, pwilcox(u - 1, 16, 17, lower.tail = FALSE),
      "pwilcox(u - 1, 16, 17, lower.tail = FALSE)")
write.csv(out, "roc.csv", row.names = FALSE)
writeLines(c(R.version.string, paste("pROC", packageVersion("pROC"))), "versions.txt")
