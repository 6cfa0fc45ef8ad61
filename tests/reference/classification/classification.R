# Golden numbers of a classification against outcomes, for tests/test_prediction_accuracy.py,
# tests/test_partial_verification.py, tests/test_risk_comparison.py, tests/test_several_paired_tests.py
# and tests/alternatives/test_association.py. Run here: Rscript classification.R (versions: versions.txt).
# Writes golden.csv: topic, case, quantity, value, source.
suppressMessages({library(caret); library(vcd); library(epiR)})
number <- function(v) trimws(formatC(as.numeric(v), digits = 12, format = "g"))
rows <- NULL
add <- function(topic, case, quantity, value, source) rows <<- rbind(rows, data.frame(
  topic = topic, case = case, quantity = quantity, value = number(value), source = source))

# predicted (rows) by observed (columns)
for (t in list(rbind(c(30, 6), c(27, 30)), rbind(c(40, 5), c(25, 10)), rbind(c(12, 3, 1), c(4, 9, 2), c(0, 5, 7)))) {
  case <- paste(apply(t, 1, paste, collapse = " "), collapse = "/")
  dimnames(t) <- list(p = letters[seq_len(nrow(t))], o = letters[seq_len(nrow(t))])
  found <- confusionMatrix(as.table(t))$overall
  for (q in c("Accuracy", "Kappa", "AccuracyLower", "AccuracyUpper", "AccuracyNull", "AccuracyPValue"))
    add("prediction", case, q, found[[q]], "caret::confusionMatrix()$overall")
}

# association of two ordered classifications
for (t in list(rbind(c(30, 6), c(27, 29)), rbind(c(30, 6, 0), c(27, 29, 0), c(0, 0, 1)), rbind(c(8, 3, 1), c(2, 9, 4)))) {
  case <- paste(apply(t, 1, paste, collapse = " "), collapse = "/")
  x <- rep(row(t), t); y <- rep(col(t), t)
  add("association", case, "cramer", assocstats(as.table(t))$cramer, "vcd::assocstats()")
  add("association", case, "contingency", assocstats(as.table(t))$contingency, "vcd::assocstats()")
  add("association", case, "pearson", cor(x, y), "cor()")
  add("association", case, "spearman", cor(x, y, method = "spearman"), "cor(method = 'spearman')")
  add("association", case, "tau_b", cor(x, y, method = "kendall"), "cor(method = 'kendall')")
  s <- sign(outer(x, x, "-")) * sign(outer(y, y, "-")); p <- sum(s > 0) / 2; q <- sum(s < 0) / 2; n <- length(x)
  add("association", case, "gamma", (p - q) / (p + q), "pairs counted one by one")
  add("association", case, "somers", (p - q) / (sum(outer(x, x, "!=")) / 2), "pairs counted one by one")
  m <- min(dim(t)); add("association", case, "tau_c", 2 * m * (p - q) / (n^2 * (m - 1)), "pairs counted one by one")
}

# risks: events and totals of the first and of the second group
for (g in list(c(6, 36, 29, 56), c(5, 40, 20, 50), c(1, 12, 3, 9))) {
  case <- paste(g, collapse = " ")
  t <- as.table(rbind(c(g[3], g[4] - g[3]), c(g[1], g[2] - g[1])))
  d <- epi.2by2(t, method = "cohort.count")$massoc.detail
  for (q in c("RR", "OR")) { e <- d[[paste0(q, ".strata.wald")]]
    for (k in c("est", "lower", "upper")) add("risks", case, paste(q, k, sep = "."), e[[k]], "epiR::epi.2by2()") }
  w1 <- prop.test(g[3], g[4], correct = FALSE)$conf.int; w2 <- prop.test(g[1], g[2], correct = FALSE)$conf.int
  p1 <- g[3] / g[4]; p2 <- g[1] / g[2]
  add("risks", case, "RD.lower", p1 - p2 - sqrt((p1 - w1[1])^2 + (w2[2] - p2)^2), "Newcombe 1998, method 10, from prop.test(correct = FALSE)")
  add("risks", case, "RD.upper", p1 - p2 + sqrt((w1[2] - p1)^2 + (p2 - w2[1])^2), "Newcombe 1998, method 10, from prop.test(correct = FALSE)")
}

# partial verification: maximum likelihood of all six cells, delta method on the logit by numerical derivatives
for (g in list(c(29, 27, 6, 30, 80, 22), c(45, 15, 5, 35, 0, 160), c(23, 3, 18, 60, 40, 10))) {
  case <- paste(g, collapse = " ")
  loglik <- function(b) { q <- plogis(b)  # P(test positive), P(diseased | positive), P(diseased | negative)
    -(sum(g[c(1, 2, 5)]) * log(q[1]) + sum(g[c(3, 4, 6)]) * log(1 - q[1]) + g[1] * log(q[2]) + g[2] * log(1 - q[2]) +
      g[3] * log(q[3]) + g[4] * log(1 - q[3])) }
  fit <- optim(c(0, 0, 0), loglik, method = "BFGS", hessian = TRUE, control = list(reltol = 1e-15, maxit = 1000))
  measures <- list(sensitivity = function(b) { q <- plogis(b); qlogis(q[1] * q[2] / (q[1] * q[2] + (1 - q[1]) * q[3])) },
                   specificity = function(b) { q <- plogis(b); h <- (1 - q[1]) * (1 - q[3]); qlogis(h / (h + q[1] * (1 - q[2]))) })
  for (m in names(measures)) { f <- measures[[m]]
    d <- sapply(1:3, function(i) { e <- rep(0, 3); e[i] <- 1e-5; (f(fit$par + e) - f(fit$par - e)) / 2e-5 })
    se <- sqrt(t(d) %*% solve(fit$hessian) %*% d)
    ends <- plogis(f(fit$par) + c(0, -1, 1) * qnorm(.975) * c(se))
    for (k in 1:3) add("verification", case, paste(m, c("estimate", "low", "high")[k], sep = "."), ends[k], "optim() of the multinomial likelihood, delta method") }
}

# Cochran's Q is Friedman's statistic of zeros and ones
overlap <- function(totals, n, nested) sapply(seq_along(totals), function(j) {
  start <- if (nested) 0 else sum(totals[seq_len(j - 1)]); as.integer(seq_len(n) %in% ((start + seq_len(totals[j]) - 1) %% n + 1)) })
for (t in list(list(c(8, 7, 13, 10, 8), 201), list(c(8, 7, 13, 10, 8, 0), 201), list(c(12, 5, 3), 60), list(c(6, 5, 4), 9))) {
  case <- paste(paste(t[[1]], collapse = " "), "of", t[[2]])
  for (nested in c(FALSE, TRUE)) { f <- friedman.test(overlap(t[[1]], t[[2]], nested))
    add("cochran", case, if (nested) "statistic_high" else "statistic_low", f$statistic, "friedman.test()")
    add("cochran", case, if (nested) "p_low" else "p_high", f$p.value, "friedman.test()") }
}
write.csv(rows, "golden.csv", row.names = FALSE, fileEncoding = "UTF-8")
writeLines(c(R.version.string, sapply(c("caret", "vcd", "epiR"), function(p) paste(p, packageVersion(p))), format(Sys.Date())), "versions.txt")
