# Golden numbers for a small series beside controls in summary: rank tests with ties, pooled means
# of single-arm series, Kendall's tau.
# Run here: Rscript reference.R (R 4.2.2, coin 1.4-2, metafor 3.8-1, all of Debian 12).
# Each section writes one CSV; the call that gave a number stands on its line as `source`.
suppressMessages({library(coin); library(metafor)})
number <- function(v) formatC(as.numeric(v), digits = 12, format = "g")

# --- rank tests: constructed samples, with many ties, few and none -------------------------
samples <- list(
  ties = list(c(4, 2, 4, 1, 2, 3, 1, 4, 1, 3, 3, 1, 4, 1, 3, 3, 3, 3, 1),
              c(1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 4, 4, 6, 6, 6, 6, 8, 9)),
  few = list(c(22, 19, 34, 6, 12, 36, 4, 21, 5), c(40, 19, 61, 12, 75, 22, 90)),
  none = list(c(1, 3, 5, 7, 9), c(2, 4, 11, 13, 15, 17)))
rows <- NULL
add <- function(sample, method, p, source)
  rows <<- rbind(rows, data.frame(sample = sample, method = method, p_value = number(p),
                                  source = source))
for (name in names(samples)) {
  x <- samples[[name]][[1]]; y <- samples[[name]][[2]]
  group <- factor(rep(1:2, c(length(x), length(y))))
  add(name, "normal approximation, ties corrected",
      wilcox.test(x, y, exact = FALSE, correct = FALSE)$p.value,
      "wilcox.test(exact = FALSE, correct = FALSE)")
  add(name, "normal approximation, ties and continuity corrected",
      wilcox.test(x, y, exact = FALSE)$p.value, "wilcox.test(exact = FALSE)")
  add(name, "exact, ties kept", pvalue(wilcox_test(c(x, y) ~ group, distribution = "exact")),
      "coin::wilcox_test(distribution = 'exact')")
}
x <- samples$none[[1]]; y <- samples$none[[2]]
add("none", "exact, ties ignored", wilcox.test(x, y, exact = TRUE)$p.value,
    "wilcox.test(exact = TRUE)")
write.csv(rows, "rank_tests.csv", row.names = FALSE)

# --- pooled means: five constructed series --------------------------------------------------
series <- data.frame(n = c(19, 27, 21, 18, 12), mean = c(17, 14, 32, 17, 14),
                     sd = c(12, 6, 45, 9, 8))
wide <- data.frame(n = c(20, 30, 25, 15), mean = c(14, 17, 32, 60), sd = c(6, 9, 20, 13))
rows <- NULL
for (data in c("series", "wide")) for (measure in c("MN", "MNLN")) for (method in c("DL", "REML")) {
  table <- get(data)
  fit <- rma(measure = measure, mi = mean, sdi = sd, ni = n, data = table, method = method,
             control = list(threshold = 1e-12, stepadj = 0.5, maxiter = 100000))
  back <- if (measure == "MN") identity else exp
  reach <- qt(0.975, nrow(table) - 2) * sqrt(fit$tau2 + fit$se^2)
  rows <- rbind(rows, data.frame(
    data = data, scale = if (measure == "MN") "mean" else "log mean", model = method,
    estimate = number(back(fit$beta)), conf_low = number(back(fit$ci.lb)),
    conf_high = number(back(fit$ci.ub)), prediction_low = number(back(fit$beta - reach)),
    prediction_high = number(back(fit$beta + reach)), tau_squared = number(fit$tau2),
    source = paste0("rma(measure='", measure, "', method='", method,
                    "'); beta -+ qt(.975, k - 2) sqrt(tau2 + se^2)")))
}
write.csv(rows, "pooled_means.csv", row.names = FALSE)
